import { z } from 'zod';
import { mediaTypes } from './read-inputs.ts';
import {
  type ModelCard,
  failureSchema,
  healthSchema,
  modelSchema,
  predictionsSchema,
  predictSchema,
  topSchema,
} from './schemas.ts';

/** A zod schema as OpenAPI 3.1 takes it: JSON Schema 2020-12. */
function schema(type: z.ZodType, io: 'input' | 'output' = 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(type, { io });
  return rest;
}

const json = (description: string, type: z.ZodType) => ({
  description,
  content: { 'application/json': { schema: schema(type) } },
});

const failures: Readonly<Record<number, string>> = {
  400: 'The body or the query is not what it should be',
  413: 'The body is too long, or has more inputs than the server takes at a time',
  415: 'The model does not take this media type',
  422: 'No input could be read',
  429: 'The server is busy; Retry-After says when to come again, in seconds',
  500: 'The server failed',
  503: 'No answer within the time that the server allows',
};

/** What the server answers, as OpenAPI 3.1: made of the schemas that requests are checked with. */
export function openApi({ task, modality, headstart: version }: ModelCard): object {
  const bodies = mediaTypes(modality).map((type) => [type, { schema: bodySchema(type, modality) }] as const);
  return {
    openapi: '3.1.0',
    info: {
      title: `Headstart: ${task}`,
      version,
      description: 'Predictions of a model that Headstart trained or loaded.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: {
      '/predict': {
        post: {
          operationId: 'predict',
          summary: 'What the model says about one input or several',
          parameters: [{ name: 'top', in: 'query', required: false, schema: schema(topSchema, 'output') }],
          requestBody: { required: true, content: Object.fromEntries(bodies) },
          responses: {
            200: json('One prediction per input', predictionsSchema),
            ...Object.fromEntries(
              Object.entries(failures).map(([status, why]) => [status, json(why, failureSchema)] as const),
            ),
          },
        },
      },
      '/model': {
        get: {
          operationId: 'model',
          summary: 'What the model is',
          responses: { 200: json('Task, labels and source', modelSchema) },
        },
      },
      '/health': {
        get: {
          operationId: 'health',
          summary: 'Whether new requests are welcome',
          responses: {
            200: json('They are', healthSchema),
            503: json('The server answers what it has accepted, and ends', healthSchema),
          },
        },
      },
      '/metrics': {
        get: {
          operationId: 'metrics',
          summary: "Counts and times in Prometheus' text format",
          responses: { 200: { description: 'Metrics', content: { 'text/plain': { schema: { type: 'string' } } } } },
        },
      },
    },
  };
}

function bodySchema(type: string, modality: string): object {
  if (type === 'application/json') return schema(predictSchema(modality), 'input');
  if (type === 'multipart/form-data') return { type: 'object', description: 'A field per input, of any name' };
  return type === 'text/plain' ? { type: 'string', description: 'A text in UTF-8' } : {};
}
