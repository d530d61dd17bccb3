import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { schema, type PluginKind } from './options.ts';

const templates = (path = '') => readdir(new URL(`../templates/${path}`, import.meta.url), { withFileTypes: true });
const choices = (name: 'kind' | 'license') => {
  const { enum: values = [], 'x-prompt': question } = schema.properties[name];
  // What is asked offers every value.
  expect(typeof question === 'object' && question.items.map(({ value }) => value)).toEqual(values);
  return [...values].sort();
};

it('offers a kind for each folder of templates, and a licence for each text', async () => {
  const folders = (await templates()).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(['licences', 'shared', ...choices('kind')].sort()).toEqual(folders.sort());
  expect(choices('license')).toEqual((await templates('licences/')).map(({ name }) => name).sort());
});

it('has the same kinds in types as in the schema', () => {
  const kinds = { source: true, reader: true, task: true, strategy: true, metric: true } satisfies Record<
    PluginKind,
    true
  >;
  expect(schema.properties.kind.enum).toEqual(Object.keys(kinds));
});
