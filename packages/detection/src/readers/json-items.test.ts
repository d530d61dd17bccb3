import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonItems, type JsonItem } from './json-items.ts';

let root: string;
beforeAll(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-json-'))));
afterAll(() => rm(root, { recursive: true }));

async function itemsOf(text: string): Promise<JsonItem[]> {
  const path = join(root, 'x.json');
  await writeFile(path, text);
  const items: JsonItem[] = [];
  for await (const item of jsonItems(path)) items.push(item);
  return items;
}

/** What `jsonItems` is to give, by JSON.parse. */
function expected(document: object): JsonItem[] {
  const list = (key: string, values: unknown[]) => values.map((value, index) => ({ key, index, value }));
  if (Array.isArray(document)) return list('', document);
  return Object.entries(document).flatMap(([key, value]) =>
    Array.isArray(value) ? list(key, value) : [{ key, value: value as unknown }],
  );
}

const documents: object[] = [
  {},
  [],
  [1, 'two', null, [3, [4]], { a: [5, { b: '6' }] }],
  { a: [], b: [[]], c: {}, d: { e: [1, 2] }, f: 'x' },
  { 'a "quoted, [name]': [{ s: ']},"\\' }, { s: 'ünïcödé \u2603 {' }], last: -1.5e-7 },
  { info: { year: 2017, tags: ['a', 'b'] }, images: [{ id: 1 }, { id: 2 }], done: true },
];

describe('jsonItems', () => {
  it.each(documents.map((document) => [document]))('gives the elements of %j', async (document) => {
    expect(await itemsOf(JSON.stringify(document))).toEqual(expected(document));
    expect(await itemsOf(`\uFEFF ${JSON.stringify(document, null, 2)}\n`)).toEqual(expected(document));
  });

  it('joins what lies across chunks', async () => {
    const document = {
      a: Array.from({ length: 20_000 }, (_, id) => ({ id, text: `é"[{${'x'.repeat(id % 50)}`, box: [id, 1, [2]] })),
      b: 'ü'.repeat(300_000),
    };
    const text = JSON.stringify(document);
    expect(text.length).toBeGreaterThan(4 * 256 * 1024);
    expect(await itemsOf(text)).toEqual(expected(document));
  });

  it('takes the numbers that only Python writes for words, outside of strings', async () => {
    expect(await itemsOf('[{"bbox": [NaN, -Infinity, Infinity], "s": "NaN \\" NaN"}]')).toEqual([
      { key: '', index: 0, value: { bbox: ['NaN', '-Infinity', 'Infinity'], s: 'NaN " NaN' } },
    ]);
  });

  it.each([
    ['', 'empty'],
    ['  ', 'empty'],
    ['null', 'begins with'],
    ['{"a": [1, 2', 'ends in the middle'],
    ['{"a": "x', 'ends in the middle'],
    ['[1] 2', 'follows its end'],
    ['{"a": [1}', 'does not match'],
    ['[1, 2}', 'does not match'],
    ['[1,,2]', 'missing between commas'],
    ['[1,]', 'missing between commas'],
    ['{"a": 1,}', 'missing between commas'],
    ['{"a": [1],}', 'missing between commas'],
    ['{, "a": [1]}', 'missing between commas'],
    ['[{"a": 1} {"b": 2}]', '[0] is not valid JSON'],
    ['{"a": [{"b": tru}]}', 'a[0] is not valid JSON'],
    ['{"a": [1] "b": 2}', 'comma is missing'],
    ['{a: [1]}', 'a name is not valid JSON'],
    ['{"a" 1}', 'a member is not valid JSON'],
    ['[{"a": [1}]]', 'is not valid JSON'],
  ])('refuses %s', async (text, why) => {
    await expect(itemsOf(text)).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringContaining(why) as string,
    });
  });

  it('names a file that is not there', async () => {
    await expect(jsonItems(join(root, 'none.json')).next()).rejects.toMatchObject({ code: 'target-not-found' });
  });
});
