import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonCommand } from './json-command.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'headstart-bad-text-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const { failure } = jsonCommand(() => folder);

const rows = (...lines: string[]) =>
  ['text,label', ...lines, 'fine words,good', 'poor words,bad', 'more fine words,good', 'more poor words,bad', ''].join(
    '\n',
  );

describe('texts that cannot be learned from', () => {
  it.each<[what: string, code: string, message: RegExp, files: Record<string, string | Buffer>, ...more: string[]]>([
    ['an empty file', 'target-empty', /reviews\.csv holds no text/, { 'reviews.csv': '' }],
    [
      'a missing column',
      'invalid-option',
      /reviews\.csv has no column "stars"/,
      { 'reviews.csv': rows() },
      '--reader-option',
      'label-column=stars',
    ],
    [
      'another encoding',
      'target-unreadable',
      /reviews\.csv is not UTF-8: line 2, at byte 14: .*\[e9\]/,
      { 'reviews.csv': Buffer.from(rows('caf\xe9,good'), 'latin1') },
    ],
    [
      'a label seen once',
      'target-too-small',
      /the class "odd" has one sample \(reviews\.csv:2\)/,
      { 'reviews.csv': rows('one of its kind,odd') },
    ],
    ['one label only', 'target-too-small', /one class only, "good"/, { 'reviews.csv': 'text,label\na,good\nb,good\n' }],
    [
      'a text of 5 MB',
      'sample-unreadable',
      /reviews\.csv, line 2: the text has 5,242,880 bytes/,
      { 'reviews.csv': rows(`${'x'.repeat(5 * 2 ** 20)},good`) },
    ],
    ['an empty text', 'sample-unreadable', /reviews\.csv, line 2: the text is empty/, { 'reviews.csv': rows(',good') }],
    ['a row too long', 'sample-unreadable', /reviews\.csv, line 2: it has 3 cells/, { 'reviews.csv': rows('a,b,c') }],
    [
      'a line that is not JSON',
      'sample-unreadable',
      /reviews\.jsonl, line 1: it is not JSON/,
      { 'reviews.jsonl': '{"text":\n{"text":"a","label":"b"}\n' },
    ],
    [
      'a broken Parquet',
      'target-unreadable',
      /reviews\.parquet cannot be read as Parquet/,
      { 'reviews.parquet': 'PAR1 and then nothing of the kind' },
    ],
    [
      'an empty text file',
      'sample-unreadable',
      /good.1\.txt: the text is empty/,
      { 'reviews/good/1.txt': '\n', 'reviews/bad/1.txt': 'poor' },
    ],
  ])('%s is named, and leaves no run', async (_, code, message, files, ...more) => {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    const [target] = Object.keys(files)[0]!.split('/');
    try {
      const error = await failure(['train', target!, '--out', 'out', ...more]);
      expect(error.message).toMatch(message);
      expect(error.code).toBe(code);
      expect(error.hint.length).toBeGreaterThan(20);
      expect(await readdir(folder)).toEqual([target]);
    } finally {
      await rm(join(folder, target!), { recursive: true });
    }
  });
});
