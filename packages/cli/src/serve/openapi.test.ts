import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { openApi } from './openapi.ts';

const card = {
  task: 'text-classification',
  modality: 'text',
  labels: ['a', 'b'],
  source: { id: 's', architecture: 'x', licence: 'MIT' },
  strategy: 'linear-probe',
  headstart: '0.1.0',
};

it.each(['text', 'image', 'audio'])('is an OpenAPI 3.1 document for models of %s', async (modality) => {
  const document = openApi({ ...card, modality }) as Record<string, unknown>;
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
  // The validator does refuse what is none.
  expect(
    await new Validator().validate({ ...document, paths: { '/predict': { post: { responses: 7 } } } }),
  ).toMatchObject({
    valid: false,
  });
});

it('describes the body that the model takes', () => {
  const bodyOf = (modality: string) =>
    (
      openApi({ ...card, modality }) as never as Record<
        'paths',
        Record<string, Record<string, { requestBody: object }>>
      >
    ).paths['/predict']!['post']!.requestBody;
  expect(bodyOf('text')).toMatchObject({
    content: {
      'text/plain': {},
      'application/json': {
        schema: {
          required: ['inputs'],
          additionalProperties: false,
          properties: { inputs: { type: 'array', minItems: 1, items: { type: 'string' } }, top: { minimum: 1 } },
        },
      },
    },
  });
  expect(bodyOf('image')).toMatchObject({
    content: {
      'image/*': {},
      'application/json': {
        schema: {
          properties: { inputs: { items: { properties: { base64: { type: 'string' } }, required: ['base64'] } } },
        },
      },
    },
  });
});
