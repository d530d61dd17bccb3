import { HeadstartError, silentProgress, type ErrorCode, type ReadOptions, type TargetData } from '@headstart/core';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textDigest } from '../texts/text-digest.ts';
import type { TextSample } from '../texts/text-sample.ts';
import { textFolder } from './text-folder.ts';
import { textPairs, textTable } from './text-table.ts';

const options: ReadOptions = { skipBad: false, progress: silentProgress, options: {} };
const skipping: ReadOptions = { ...options, skipBad: true };
const fixtures = new URL('fixtures/', import.meta.url);
let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-texts-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, content: string | Uint8Array): Promise<string> {
  const whole = join(root, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, content);
  return whole;
}

async function read(
  name: string,
  content: string | Uint8Array,
  given: Record<string, string> = {},
  how = options,
): Promise<TargetData<TextSample>> {
  return textTable.read(await put(name, content), { ...how, options: given });
}

/** Id, text, pair, class or classes by name, score, split: what is there of them. */
function listed({ labels, samples }: TargetData<TextSample>): unknown[] {
  return samples.map(({ sample, split }) => {
    const truth =
      sample.labels?.map((label) => labels[label]) ?? (sample.label === undefined ? undefined : labels[sample.label]);
    return [sample.id, sample.text, sample.pair, truth, sample.score, split].filter((value) => value !== undefined);
  });
}

async function failure(work: Promise<unknown>, code: ErrorCode, ...mentions: string[]): Promise<HeadstartError> {
  const error = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(HeadstartError);
  const { code: got, message, hint } = error as HeadstartError;
  expect(got, message).toBe(code);
  for (const mention of mentions) expect(`${message} ${hint}`).toContain(mention);
  expect(hint.length).toBeGreaterThan(10);
  return error as HeadstartError;
}

describe('tables', () => {
  it('reads CSV by the names of its columns, with digests of the texts', async () => {
    const data = await read(
      'r.csv',
      '\uFEFFid,Review,Label,split\n1,"Good, very ""good""",pos,train\n2,"two\nlines",neg,val\n3,plain,pos,\n',
    );
    expect(data).toMatchObject({
      id: 'r',
      modality: 'text',
      reader: 'text-table',
      labels: ['neg', 'pos'],
      skipped: [],
    });
    expect(listed(data)).toEqual([
      ['r.csv:2', 'Good, very "good"', 'pos', 'train'],
      ['r.csv:3', 'two\nlines', 'neg', 'validation'],
      ['r.csv:5', 'plain', 'pos'],
    ]);
    expect(data.samples[0]!.sample.digest).toBe(textDigest('Good, very "good"'));
  });

  it.each([
    [',', 'c.csv'],
    [';', 'c.csv'],
    ['|', 'c.csv'],
    ['\t', 'c.csv'],
    ['\t', 'c.tsv'],
  ])('finds the delimiter %j of %s', async (delimiter, name) => {
    const rows = [
      ['text', 'label'],
      ['well, good; or not', 'a'],
      ['so | so', 'b'],
    ].map((cells) => cells.map((cell) => `"${cell}"`).join(delimiter));
    expect(listed(await read(name, `${rows.join('\n')}\n`)).map((row) => (row as string[])[1])).toEqual([
      'well, good; or not',
      'so | so',
    ]);
  });

  it('takes the delimiter and the columns that it is given', async () => {
    const data = await read('c.csv', 'a#b#c\nx y#one#two\nz#three#four\n', {
      delimiter: '#',
      'text-column': 'c',
      'label-column': 'a',
    });
    expect(listed(data)).toEqual([
      ['c.csv:2', 'two', 'x y'],
      ['c.csv:3', 'four', 'z'],
    ]);
    expect(listed(await read('t.csv', 'text\tlabel\na\tb\nc\td\n', { delimiter: 'tab' }))).toHaveLength(2);
  });

  it('tells texts from labels by what columns hold', async () => {
    const rows = Array.from(
      { length: 20 },
      (_, i) => `${i},what number ${i} said about it at length,${i % 2 ? 'up' : 'down'}`,
    );
    const data = await read('s.csv', `nr,said,verdict\n${rows.join('\n')}\n`);
    expect(data.labels).toEqual(['down', 'up']);
    expect(data.samples[3]!.sample.text).toBe('what number 3 said about it at length');
  });

  it('reads a table without a header, and one whose first line only looks like none', async () => {
    const rows = ['a stirring tale of the sea\t1', 'dull beyond words\t0', 'one more stirring tale\t1'];
    expect(listed(await read('sst.tsv', `${rows.join('\n')}\n`))).toEqual([
      ['sst.tsv:1', 'a stirring tale of the sea', '1'],
      ['sst.tsv:2', 'dull beyond words', '0'],
      ['sst.tsv:3', 'one more stirring tale', '1'],
    ]);
    expect(
      await read('y.csv', 'good text here,a\nbad text there,b\nlast,a\n', {
        header: 'no',
        'text-column': '1',
        'label-column': '2',
      }),
    ).toMatchObject({ labels: ['a', 'b'] });
    expect(
      (await read('n.csv', '1,2\nlong text in here,a\nlong text in there,a\nand here,b\n', { header: 'yes' })).samples,
    ).toHaveLength(3);
    // The label of the first line comes back, so it names no column.
    expect(
      (await read('l.csv', 'this film was good,pos\nthis film was bad,neg\nquite good it was,pos\n')).samples,
    ).toHaveLength(3);
  });

  it('takes several labels from a cell and from a list, none among them', async () => {
    const csv = await read('m.csv', 'text,tags\none,b; a;b\ntwo,\nthree,c\n', { 'label-separator': ';' });
    expect(csv.labels).toEqual(['a', 'b', 'c']);
    expect(listed(csv)).toEqual([
      ['m.csv:2', 'one', ['a', 'b']],
      ['m.csv:3', 'two', []],
      ['m.csv:4', 'three', ['c']],
    ]);
    const jsonl = await read('m.jsonl', '{"text":"one","labels":["b","a"]}\n{"text":"two","labels":[]}\n');
    expect(listed(jsonl)).toEqual([
      ['m.jsonl:1', 'one', ['a', 'b']],
      ['m.jsonl:2', 'two', []],
    ]);
    await failure(
      read('m.jsonl', '{"text":"one","label":["b"]}\n{"text":"two","label":"c"}\n'),
      'label-invalid',
      'm.jsonl, line 2',
      'a list in some',
    );
  });

  it('reads JSONL with numbers and truth values for labels', async () => {
    const data = await read(
      'd.jsonl',
      '{"text":"one","label":1}\n\n{"label":0,"text":"two \\ud800 \\u00e9","other":{}}\r\n',
    );
    expect(listed(data)).toEqual([
      ['d.jsonl:1', 'one', '1'],
      ['d.jsonl:3', 'two \uFFFD é', '0'],
    ]);
    expect((await read('b.ndjson', '{"text":"one","label":true}\n{"text":"two","label":false}')).labels).toEqual([
      'false',
      'true',
    ]);
  });

  // Written by pyarrow 26.0.1 in row groups of 10: sentence i is `Sentence ${i} — naïve 字 ` and i % 7 words.
  it.each(['snappy', 'gzip', 'brotli', 'zstd'])('reads Parquet packed with %s', async (codec) => {
    const reading = read(`s-${codec}.parquet`, await readFile(new URL(`sentences-${codec}.parquet`, fixtures)));
    if (codec === 'zstd' && !('zstdDecompressSync' in zlib))
      return void (await failure(reading, 'target-unreadable', 'ZSTD'));
    const expected = Array.from({ length: 25 }, (_, i) => {
      return [
        `s-${codec}.parquet:${i + 1}`,
        `Sentence ${i} — naïve 字 ${'word '.repeat(i % 7)}`,
        String(i % 2),
        i % 5 === 0 ? 'test' : 'train',
      ];
    });
    expect(listed(await reading)).toEqual(expected);
  });

  it('takes lists in Parquet for several labels', async () => {
    const data = await read('tags.parquet', await readFile(new URL('tags.parquet', fixtures)));
    expect(listed(data)).toEqual([
      ['tags.parquet:1', 'one', ['a', 'b']],
      ['tags.parquet:2', 'two', []],
      ['tags.parquet:3', 'three', ['a']],
    ]);
  });

  it('reads pairs with a score, and leaves pairs with a class to the other reader', async () => {
    const scored = await put('sts.tsv', 'split\tsentence1\tsentence2\tscore\ntrain\ta b\tc d\t4.5\ntest\te\tf\t0\n');
    expect(await textPairs.detect(scored)).toBeGreaterThan(await textTable.detect(scored));
    const data = await textPairs.read(scored, options);
    expect(listed(data)).toEqual([
      ['sts.tsv:2', 'a b', 'c d', 4.5, 'train'],
      ['sts.tsv:3', 'e', 'f', 0, 'test'],
    ]);
    expect(data.samples[0]!.sample.digest).toBe(textDigest('a b', 'c d'));
    const nli = await put('nli.csv', 'premise,hypothesis,label\na b,c d,entailment\ne,f,neutral\n');
    expect(await textPairs.detect(nli)).toBe(0);
    expect(listed(await textTable.read(nli, options))).toEqual([
      ['nli.csv:2', 'a b', 'c d', 'entailment'],
      ['nli.csv:3', 'e', 'f', 'neutral'],
    ]);
    await failure(textPairs.read(nli, options), 'invalid-option', 'no column of scores', 'premise, hypothesis, label');
    await failure(
      textPairs.read(await put('bad.csv', 'text,pair,score\na,b,high\n'), options),
      'label-invalid',
      'line 2',
      '"high"',
    );
  });

  it('says no to what it does not read', async () => {
    for (const reader of [textTable, textPairs]) {
      expect(await reader.detect(root)).toBe(0);
      expect(await reader.detect(await put('x.json', '[]'))).toBe(0);
    }
    expect(await textPairs.detect(join(root, 'gone.csv'))).toBe(0);
    await failure(textTable.read(join(root, 'x.json'), options), 'target-empty', 'x.json');
  });
});

describe('bad tables', () => {
  it('refuses what is empty', async () => {
    for (const [name, content] of [
      ['a.csv', ''],
      ['b.csv', 'text,label\n'],
      ['c.jsonl', ''],
      ['d.tsv', '\n\n'],
    ] as const) {
      await failure(read(name, content), 'target-empty', name);
    }
    await failure(textTable.read(join(root, 'gone.csv'), options), 'target-not-found', 'gone.csv');
    await failure(textTable.read(join(root, 'gone.parquet'), options), 'target-not-found', 'gone.parquet');
  });

  it('names the columns that there are, where one is missing, double or unclear', async () => {
    const content = 'review,stars,place\na b c d e f g h,5,x\nb,4,y\n';
    await failure(
      read('r.csv', content, { 'label-column': 'rating' }),
      'invalid-option',
      'r.csv has no column "rating"',
      'review, stars, place',
    );
    await failure(
      read('r.csv', content),
      'invalid-option',
      'no column of labels',
      'label-column',
      'review, stars, place',
    );
    await failure(
      read('r.csv', 'a,b\nsame size,same size\nsame kind,same kind\n'),
      'invalid-option',
      'no column of texts',
      'text-column',
    );
    await failure(
      read('r.csv', 'text,content,label\na,b,c\n'),
      'invalid-option',
      'several columns that may hold the text: text, content',
    );
    await failure(read('r.csv', 'text,label,text\na,b,c\n'), 'invalid-option', 'several columns called "text"');
    await failure(read('r.jsonl', '{"text":"a"}\n{"text":"b"}\n'), 'invalid-option', 'no column of labels');
  });

  it('refuses options that it does not know or cannot take', async () => {
    const content = 'text,label\na,b\n';
    await failure(
      read('r.csv', content, { 'text-colum': 'text' }),
      'unknown-name',
      '"text-colum"',
      'Did you mean "text-column"',
    );
    for (const [option, value] of [
      ['delimiter', ''],
      ['header', 'maybe'],
      ['label-separator', ''],
    ] as const) {
      await failure(read('r.csv', content, { [option]: value }), 'invalid-option', option);
    }
  });

  it('shows the bytes of another encoding', async () => {
    await failure(
      read('l.csv', Buffer.from('text,label\ncaf\xe9,good\n', 'latin1')),
      'target-unreadable',
      'l.csv is not UTF-8',
      'line 2',
      'at byte 14',
      '[e9]',
      'iconv',
    );
  });

  it.each([
    ['r.csv', 'text,label\nfine,a\n,b\nwell,a\n', 3, 'the text is empty'],
    ['r.csv', 'text,label\nfine,a\n" \n ",b\nwell,a\n', 3, 'the text is empty'],
    ['r.csv', 'text,label\nfine,a\ntoo,many,cells\nwell,a\n', 3, 'it has 3 cells where the first line has 2'],
    ['r.csv', 'text,label\nfine,a\nfew\nwell,a\n', 3, 'it has 1 cell where the first line has 2'],
    [
      'r.csv',
      `text,label\nfine,a\n${'x'.repeat(5 * 2 ** 20)},b\nwell,a\n`,
      3,
      'the text has 5,242,880 bytes, more than the limit of 1,048,576',
    ],
    ['r.jsonl', '{"text":"fine","label":"a"}\n{"text":\n{"text":"well","label":"a"}\n', 2, 'it is not JSON'],
    ['r.jsonl', '{"text":"fine","label":"a"}\n[1]\n{"text":"well","label":"a"}\n', 2, 'it is not a JSON object'],
    [
      'r.jsonl',
      '{"text":"fine","label":"a"}\n{"text":3,"label":"a"}\n{"text":"well","label":"a"}\n',
      2,
      'the text is of type number',
    ],
    ['r.jsonl', '{"text":"fine","label":"a"}\n{"label":"a"}\n{"text":"well","label":"a"}\n', 2, 'the text is missing'],
    ['r.csv', 'text,pair,label\nfine,fine,a\nhalf,,b\nwell,well,a\n', 3, 'the second text is empty'],
  ])('names the line of a bad text in %s and leaves it out on demand', async (name, content, line, what) => {
    const error = await failure(read(name, content), 'sample-unreadable', `${name}, line ${line}`, what);
    expect(error.hint).toContain('--skip-bad');
    const { samples, skipped } = await read(name, content, {}, skipping);
    expect(samples.map(({ sample }) => sample.text)).toEqual(['fine', 'well']);
    expect(skipped).toEqual([{ id: `${name}:${line}`, reason: expect.stringContaining(what) as string }]);
  });

  it('names the line of a label or split that is none', async () => {
    await failure(read('r.csv', 'text,label\na,x\nb, \n'), 'label-invalid', 'r.csv, line 3', 'the label is empty');
    await failure(
      read('r.jsonl', '{"text":"a","label":{"x":1}}\n'),
      'label-invalid',
      'r.jsonl, line 1',
      'of type object',
    );
    await failure(read('r.csv', 'text,label,split\na,x,train\nb,y,outside\n'), 'label-invalid', 'line 3', '"outside"');
    await failure(
      read('r.csv', 'text,label\n"open,x\nb,y\n'),
      'target-unreadable',
      'Quote Not Closed',
      'Close the quote',
    );
  });

  it('refuses Parquet that is none, cut off, or damaged', async () => {
    const whole = await readFile(new URL('sentences-snappy.parquet', fixtures));
    await failure(read('p.parquet', 'not parquet at all'), 'target-unreadable', 'p.parquet cannot be read as Parquet');
    await failure(read('p.parquet', ''), 'target-unreadable', 'p.parquet');
    await failure(
      read('p.parquet', whole.subarray(0, whole.length - 200)),
      'target-unreadable',
      'p.parquet',
      'cut-off',
    );
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, 4, 400);
    await failure(read('p.parquet', damaged), 'target-unreadable', 'p.parquet');
  });
});

describe('text-folder', () => {
  it('takes folders for classes and for splits, text files as they are', async () => {
    for (const [path, text] of [
      ['good/1.txt', '\uFEFFfine\r\n'],
      ['good/deep/2.txt', 'two\nlines\n'],
      ['bad/1.txt', 'dull'],
      ['bad/notes.md', 'x'],
      ['README', 'x'],
    ] as const)
      await put(path, text);
    const data = await textFolder.read(root, options);
    expect(data).toMatchObject({ modality: 'text', reader: 'text-folder', labels: ['bad', 'good'], skipped: [] });
    expect(listed(data)).toEqual([
      ['bad/1.txt', 'dull', 'bad'],
      ['good/1.txt', 'fine', 'good'],
      ['good/deep/2.txt', 'two\nlines', 'good'],
    ]);
    expect(await textFolder.detect(root)).toBeGreaterThan(0.5);
    await rm(root, { recursive: true });
    for (const path of ['train/a/1.txt', 'train/b/1.txt', 'test/b/2.txt']) await put(path, path);
    expect(listed(await textFolder.read(root, options)).map((row) => (row as string[])[3])).toEqual([
      'test',
      'train',
      'train',
    ]);
  });

  it('says no to folders of other things', async () => {
    expect(await textFolder.detect(root)).toBe(0);
    await put('cat/1.png', 'x');
    expect(await textFolder.detect(root)).toBe(0);
    expect(await textFolder.detect(await put('a.csv', 'text,label\n'))).toBe(0);
    await failure(textFolder.read(join(root, 'gone'), options), 'target-not-found', 'gone');
  });

  it('refuses texts whose class is unknown', async () => {
    await put('good/1.txt', 'fine');
    await put('loose.txt', 'x');
    await failure(textFolder.read(root, options), 'target-unreadable', 'loose.txt', 'text file');
  });

  it.each([
    ['empty', '', 'the text is empty'],
    ['of another encoding', Buffer.from('caf\xe9', 'latin1'), 'is not UTF-8: line 1, at byte 3: 63 61 66 [e9]'],
    ['too large', 'x'.repeat(5 * 2 ** 20), 'has 5,242,880 bytes'],
    ['of zero bytes', Buffer.alloc(10), 'zero bytes'],
  ])('names a file that is %s and leaves it out on demand', async (_what, content, why) => {
    await put('bad/1.txt', 'dull');
    await put('good/1.txt', 'fine');
    const bad = await put('good/2.txt', content);
    const error = await failure(textFolder.read(root, options), 'sample-unreadable', bad, why);
    expect(error.hint).toContain('--skip-bad');
    const { samples, skipped } = await textFolder.read(root, skipping);
    expect(samples).toHaveLength(2);
    expect(skipped).toEqual([{ id: 'good/2.txt', reason: expect.stringContaining(why) as string }]);
  });

  it('names a link that leads nowhere and a class of which nothing is left', async () => {
    await put('bad/1.txt', 'dull');
    await mkdir(join(root, 'good'));
    await symlink(join(root, 'nowhere'), join(root, 'good', '1.txt'));
    await failure(textFolder.read(root, options), 'sample-unreadable', '1.txt', 'leads nowhere');
    await failure(textFolder.read(root, skipping), 'target-too-small', '"good"', '1 left out');
  });
});
