import { expect, it } from 'vitest';
import { mergeFiles } from './merge-files.ts';

const merged = (...layers: Record<string, string>[]) =>
  Object.fromEntries(mergeFiles(layers.map((layer) => new Map(Object.entries(layer)))));

it('keeps what only one layer has', () => {
  expect(merged({ 'a.ts': '1' }, { 'b/c.ts': '2' })).toEqual({ 'a.ts': '1', 'b/c.ts': '2' });
});

it('merges JSON by key, lists one after the other', () => {
  const { 'package.json': text } = merged(
    { 'package.json': '{ "name": "", "files": ["dist"], "headstart": { "api": 1, "contributes": {} } }' },
    { 'package.json': '{ "files": ["weights"], "name": "x", "headstart": { "contributes": { "tasks": [1] } } }' },
  );
  expect(text).toBe(
    `${JSON.stringify({ name: 'x', files: ['dist', 'weights'], headstart: { api: 1, contributes: { tasks: [1] } } }, undefined, 2)}\n`,
  );
});

it('puts what is special to a kind before what all have, in Markdown', () => {
  expect(merged({ 'README.md': '## Use\n' }, { 'README.md': '# A metric\n' })).toEqual({
    'README.md': '# A metric\n\n## Use\n',
  });
});

it('refuses to choose between two other files', () => {
  expect(() => merged({ 'a.ts': '1' }, { 'a.ts': '2' })).toThrow('a.ts');
});
