import type { ReadOptions } from '@headstart/core';
import { refusalOf } from '@headstart/core/testing';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { textDigest } from '../texts/text-digest.ts';
import { DataFolder, listed, options, remarks, warned } from './data-folder.test.support.ts';
import { textPairs, textTable } from './text-table.ts';

const folder = new DataFolder();
const skipping: ReadOptions = { ...options, skipBad: true };
const fixtures = new URL('fixtures/', import.meta.url);
const put: typeof folder.put = (path, content) => folder.put(path, content);
const read: typeof folder.read = (...request) => folder.read(...request);

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
    const mixed = await read('m.jsonl', '{"text":"one","label":["b","a"]}\n{"text":"two","label":"c"}\n');
    expect(listed(mixed)).toEqual([
      ['m.jsonl:1', 'one', ['a', 'b']],
      ['m.jsonl:2', 'two', ['c']],
    ]);
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
    await refusalOf(
      textPairs.read(nli, options),
      'invalid-option',
      'no column of scores',
      'premise, hypothesis, label',
    );
    await refusalOf(
      textPairs.read(await put('bad.csv', 'text,pair,score\na,b,high\n'), options),
      'label-invalid',
      'line 2',
      '"high"',
    );
  });

  it('says no to what it does not read', async () => {
    for (const reader of [textTable, textPairs]) {
      expect(await reader.detect(folder.root)).toBe(0);
      expect(await reader.detect(await put('x.json', '[]'))).toBe(0);
    }
    expect(await textPairs.detect(join(folder.root, 'gone.csv'))).toBe(0);
    await refusalOf(textTable.read(join(folder.root, 'x.json'), options), 'target-empty', 'x.json');
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
      await refusalOf(read(name, content), 'target-empty', name);
    }
    await refusalOf(textTable.read(join(folder.root, 'gone.csv'), options), 'target-not-found', 'gone.csv');
    await refusalOf(textTable.read(join(folder.root, 'gone.parquet'), options), 'target-not-found', 'gone.parquet');
  });

  it('names the columns that there are, where one is missing, double or unclear', async () => {
    const content = 'review,height,place\na b c d e f g h,5,x\nb,4,y\n';
    await refusalOf(
      read('r.csv', content, { 'label-column': 'rating' }),
      'invalid-option',
      'r.csv has no column "rating"',
      'review, height, place',
    );
    await refusalOf(
      read('r.csv', content),
      'invalid-option',
      'no column of labels',
      'label-column',
      'review, height, place',
    );
    await refusalOf(
      read('r.csv', 'a,b\nsame size,same size\nsame kind,same kind\n'),
      'invalid-option',
      'several columns that may hold the text: a, b',
      'text-column',
    );
    await refusalOf(
      read('r.csv', 'text,content,label\na,b,c\n'),
      'invalid-option',
      'several columns that may hold the text: text, content',
    );
    await refusalOf(read('r.csv', 'text,label,text\na,b,c\n'), 'invalid-option', 'several columns called "text"');
    await refusalOf(read('r.jsonl', '{"text":"a"}\n{"text":"b"}\n'), 'invalid-option', 'no column of labels');
  });

  it('reads tables in which columns that are not read have one name', async () => {
    const { samples, labels } = await read('r.csv', 'text,label,note,note\na b,x,1,2\nc d,y,3,4\n');
    expect(samples.map(({ sample }) => [sample.text, labels[sample.label!]])).toEqual([
      ['a b', 'x'],
      ['c d', 'y'],
    ]);
    const flags = 'text,cat,dog,cat\na b,1,0,1\nc d,0,1,0\n';
    await refusalOf(read('r.csv', flags), 'invalid-option', 'several columns called "cat"');
  });

  it('refuses options that it does not know or cannot take', async () => {
    const content = 'text,label\na,b\n';
    await refusalOf(
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
      await refusalOf(read('r.csv', content, { [option]: value }), 'invalid-option', option);
    }
  });

  it('shows the bytes of another encoding', async () => {
    await refusalOf(
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
    const error = await refusalOf(read(name, content), 'sample-unreadable', `${name}, line ${line}`, what);
    expect(error.hint).toContain('--skip-bad');
    const { samples, skipped } = await read(name, content, {}, skipping);
    expect(samples.map(({ sample }) => sample.text)).toEqual(['fine', 'well']);
    expect(skipped).toEqual([{ id: `${name}:${line}`, reason: expect.stringContaining(what) as string }]);
  });

  it('names the line of a label or split that is none', async () => {
    await refusalOf(
      read('r.jsonl', '{"text":"a","label":{"x":1}}\n'),
      'label-invalid',
      'r.jsonl, line 1',
      'of type object',
    );
    await refusalOf(
      read('r.csv', 'text,label,split\na,x,train\nb,y,outside\n'),
      'label-invalid',
      'line 3',
      '"outside"',
    );
    await refusalOf(
      read('r.csv', 'text,label\n"open,x\nb,y\n'),
      'target-unreadable',
      'Quote Not Closed',
      'Close the quote',
    );
  });

  it('refuses Parquet that is none, cut off, or damaged', async () => {
    const whole = await readFile(new URL('sentences-snappy.parquet', fixtures));
    await refusalOf(
      read('p.parquet', 'not parquet at all'),
      'target-unreadable',
      'p.parquet cannot be read as Parquet',
    );
    await refusalOf(read('p.parquet', ''), 'target-unreadable', 'p.parquet');
    await refusalOf(
      read('p.parquet', whole.subarray(0, whole.length - 200)),
      'target-unreadable',
      'p.parquet',
      'cut-off',
    );
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, 4, 400);
    await refusalOf(read('p.parquet', damaged), 'target-unreadable', 'p.parquet');
  });
});

describe('texts and labels that are missing', () => {
  it('are told from one another: rows without a label are kept apart', async () => {
    const data = await read('r.csv', 'text,label\na,x\nb, \nc,y\nd,NaN\n');
    expect(listed(data)).toEqual([
      ['r.csv:2', 'a', 'x'],
      ['r.csv:4', 'c', 'y'],
      ['r.csv:5', 'd', 'NaN'],
    ]);
    expect(data.unlabelled).toEqual([{ id: 'r.csv:3', reason: 'the label is empty' }]);
    const nulls = await read('r.jsonl', '{"text":"a","label":"x"}\n{"text":"b","label":null}\n{"text":"c"}\n');
    expect(nulls.unlabelled?.map(({ id }) => id)).toEqual(['r.jsonl:2', 'r.jsonl:3']);
  });

  it('are samples all the same where no labels are wanted', async () => {
    const data = await read('r.csv', 'text,label\na,x\nb,\n', {}, { ...options, withoutLabels: true });
    expect(listed(data)).toEqual([
      ['r.csv:2', 'a', 'x'],
      ['r.csv:3', 'b'],
    ]);
    expect(data.unlabelled).toEqual([]);
  });

  it('warn where a text is a word for none, and are left out where that is asked for', async () => {
    const content = 'text,label\nfine,x\nNaN,y\n\\N,x\nnone of it,y\n';
    const data = await read('r.csv', content);
    expect(data.samples).toHaveLength(4);
    expect(data.notes?.warnings).toMatchObject([{ code: 'missing-texts', samples: ['r.csv:3', 'r.csv:4'] }]);
    const without = await read('r.csv', content, { 'missing-texts': 'leave-out' });
    expect(without.samples.map(({ sample }) => sample.text)).toEqual(['fine', 'none of it']);
    expect(without.skipped).toEqual([
      { id: 'r.csv:3', reason: 'the text is "NaN"' },
      { id: 'r.csv:4', reason: 'the text is "\\N"' },
    ]);
    expect(warned(without)).toEqual([]);
    expect(warned(await read('r.csv', content, { 'missing-texts': 'keep' }))).toEqual([]);
  });
});

describe('several labels', () => {
  it('in lists of one each are single labels, unless that is said', async () => {
    const content = '{"text":"a","label":["x"]}\n{"text":"b","label":["y"]}\n';
    const data = await read('l.jsonl', content);
    expect(listed(data)).toEqual([
      ['l.jsonl:1', 'a', 'x'],
      ['l.jsonl:2', 'b', 'y'],
    ]);
    expect(remarks(data)).toContain('labels-per-text=several');
    const several = await read('l.jsonl', content, { 'labels-per-text': 'several' });
    expect(listed(several)[0]).toEqual(['l.jsonl:1', 'a', ['x']]);
  });

  it('warn where no list has two and some are empty, which may be missing labels', async () => {
    const content = '{"text":"a","label":["x"]}\n{"text":"b","label":[]}\n{"text":"c","label":["y"]}\n';
    const data = await read('l.jsonl', content);
    expect(listed(data)[1]).toEqual(['l.jsonl:2', 'b', []]);
    expect(data.notes?.warnings).toMatchObject([{ code: 'empty-label-lists', samples: ['l.jsonl:2'] }]);
    const one = await read('l.jsonl', content, { 'labels-per-text': 'one' });
    expect(listed(one)).toEqual([
      ['l.jsonl:1', 'a', 'x'],
      ['l.jsonl:3', 'c', 'y'],
    ]);
    expect(one.unlabelled).toEqual([{ id: 'l.jsonl:2', reason: 'the list of labels is empty' }]);
    expect(warned(one)).toEqual([]);
    await refusalOf(
      read('l.jsonl', '{"text":"a","label":["x","y"]}\n', { 'labels-per-text': 'one' }),
      'label-invalid',
      'line 1',
      '2 labels (x, y)',
    );
  });

  it('in one cell are named, and taken apart where that is asked for', async () => {
    const content = 'text,label\na,x\nb,x|y\nc,z|y\nd,z\n';
    const data = await read('j.csv', content);
    expect(data.labels).toEqual(['x', 'x|y', 'z', 'z|y']);
    expect(data.notes?.warnings).toMatchObject([
      {
        code: 'labels-look-joined',
        hint: expect.stringContaining('label-separator="|"') as string,
        samples: ['j.csv:3', 'j.csv:4'],
      },
    ]);
    const apart = await read('j.csv', content, { 'label-separator': '|' });
    expect(apart.labels).toEqual(['x', 'y', 'z']);
    expect(warned(apart)).toEqual([]);
  });
});

describe('notes', () => {
  it('say how a table was taken apart', async () => {
    const data = await read('r.csv', 'id;text;label\n1;fine;good\n2;dull;bad\n');
    expect(data.notes?.table).toEqual({
      columns: [{ name: 'id' }, { name: 'text', role: 'text' }, { name: 'label', role: 'label' }],
      separator: ';',
      header: true,
      encoding: 'utf-8',
    });
  });
});
