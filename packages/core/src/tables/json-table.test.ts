import { describe, expect, it } from 'vitest';
import { tableFolder } from './table-folder.test.support.ts';

const { open, read } = tableFolder();
const two = [
  { text: 'a, [b', label: 'x' },
  { text: 'c "d" }', label: 'y' },
];
const expected = [
  ['text', 'label'],
  [1, 'a, [b', 'x'],
  [2, 'c "d" }', 'y'],
];

describe('openTable of JSON', () => {
  it.each([
    ['a list in a line', JSON.stringify(two)],
    ['a list over several lines', JSON.stringify(two, null, 2)],
    ['objects one after another', two.map((each) => JSON.stringify(each, null, 1)).join('\n')],
    ['objects with commas between them', `${two.map((each) => JSON.stringify(each, null, 1)).join(',\n')},`],
    ['a list with a comma behind the last', `[${two.map((each) => `${JSON.stringify(each)},`).join('\n')}]`],
    ['lists one after another', two.map((each) => JSON.stringify([each])).join('\n')],
    ['a list under a key', JSON.stringify({ version: '1.0', tags: ['a'], data: two })],
    ['a list under a key beside others', JSON.stringify({ labels: [{ id: 1 }], data: two })],
    ['the only list of objects', JSON.stringify({ answer: two, count: 2 }, null, 2)],
    [
      'columns with numbered rows',
      JSON.stringify({ text: { 0: two[0]!.text, 1: two[1]!.text }, label: { 0: 'x', 1: 'y' } }),
    ],
    ['columns as lists', JSON.stringify({ text: two.map(({ text }) => text), label: ['x', 'y'] })],
    ['numbered rows', JSON.stringify({ 0: two[0], 1: two[1] })],
    ['columns and data', JSON.stringify({ columns: ['text', 'label'], index: [0, 1], data: two.map(Object.values) })],
    ['rows with names', JSON.stringify([['text', 'label'], ...two.map(Object.values)])],
  ])('reads %s', async (what, content) => {
    for (const name of ['t.json', 't.txt']) {
      const got = await read(content, name);
      expect(got, name).toEqual(
        what === 'rows with names'
          ? [expected[0], [2, ...expected[1]!.slice(1)], [3, ...expected[2]!.slice(1)]]
          : expected,
      );
    }
  });

  it.each(['t.json', 't.jsonl'])('keeps whole numbers that a float64 does not hold, in %s', async (name) => {
    const rows = [
      '{"id": 9007199254740993, "size": -12345678901234567890, "share": 0.12345678901234567890, "text": "no 9007199254740993"}',
      '{"id": 9007199254740991, "size": 1e21, "share": 2, "text": "\\"9007199254740993"}',
    ];
    expect(await read(rows.join('\n'), name)).toEqual([
      ['id', 'size', 'share', 'text'],
      [1, '9007199254740993', '-12345678901234567890', 0.12345678901234568, 'no 9007199254740993'],
      [2, 9007199254740991, 1e21, 2, '"9007199254740993'],
    ]);
  });

  it('takes a single line for a row where the file is called lines, whatever lists it has', async () => {
    expect(await read('{"text":"a","tags":[{"x":1}]}\n', 't.jsonl')).toEqual([
      ['text', 'tags'],
      [1, 'a', [{ x: 1 }]],
    ]);
    expect(await read(JSON.stringify({ data: two }), 't.jsonl')).toEqual(expected);
  });

  it('reads items that are longer than a piece of the file, and letters across its pieces', async () => {
    const text = '字😀"\\'.repeat(100_000);
    const rows = [
      { text, label: 'x' },
      { text: 'b', label: 'y' },
      { text, label: 'x' },
    ];
    expect(await read(JSON.stringify(rows), 't.json')).toEqual([
      ['text', 'label'],
      [1, text, 'x'],
      [2, 'b', 'y'],
      [3, text, 'x'],
    ]);
    expect(await read(JSON.stringify({ data: rows }), 't.json')).toHaveLength(4);
  });

  it('says what the rows are called by: items, which need not lie in a line each', async () => {
    expect(await open(JSON.stringify(two), 't.json')).toMatchObject({ format: 'json', unit: 'item' });
    expect(await open('{"text":"a","label":"x"}\n', 't.jsonl')).toMatchObject({ format: 'jsonl', unit: 'line' });
    expect(await read('[{"text":"a"},\n{"text":},\n3]', 't.json')).toEqual([
      ['text'],
      [1, 'a'],
      [2, expect.stringMatching(/^it is not JSON \(.*\), from line 2$/) as string],
      [3, 'it is not a JSON object, from line 3'],
    ]);
  });

  it('keeps to lines where the first is damaged', async () => {
    const got = await read('{"text" "a"}\n{"text":"b"}\n', 't.jsonl');
    expect(got).toEqual([['text'], [1, expect.stringContaining('it is not JSON') as string], [2, 'b']]);
  });

  it.each([
    ['no brackets to close', '[{"text":"a"}]]', 'closes a bracket that was never opened'],
    ['brackets that stay open', '[{"text":"a"},\n{"text":"b"', 'what begins in line 2 is never closed'],
    [
      'several tables',
      '{"images":[{"id":1}],"annotations":[{"id":2}]}',
      'several lists of objects (images, annotations)',
    ],
    ['a word', '"word"', 'neither an object nor a list'],
  ])('refuses %s', async (_what, content, message) => {
    await expect(read(content, 't.json')).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringContaining(message) as string,
    });
  });

  it('takes a cell in brackets for delimited text', async () => {
    expect((await open('[deleted],x\n[removed],y\n', 't.csv')).format).toBe('csv');
  });

  it('refuses options that mean nothing for it', async () => {
    await expect(open('{"text":"a"}\n', 't.jsonl', { delimiter: ';' })).rejects.toMatchObject({
      code: 'invalid-option',
      message: expect.stringContaining('delimiter means nothing for') as string,
    });
  });
});
