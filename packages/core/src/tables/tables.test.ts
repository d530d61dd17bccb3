import { isUtf8 } from 'node:buffer';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { firstRows, readRows } from './csv-rows.ts';
import { firstInvalid } from './check-utf8.ts';
import { readLines, utf8Chunks } from './utf8-file.ts';

let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-tables-'))));
afterEach(() => rm(root, { recursive: true }));

async function put(content: string | Uint8Array): Promise<string> {
  const path = join(root, 'table.csv');
  await writeFile(path, content);
  return path;
}

const quoted = { quote: '"', escape: '"', skip: 0 };

async function rows(content: string | Uint8Array, delimiter = ','): Promise<(string | number)[][]> {
  const path = await put(content);
  const all = [];
  for await (const { cells, line } of readRows(utf8Chunks(path), path, { ...quoted, delimiter }))
    all.push([line, ...cells]);
  return all;
}

describe('readRows', () => {
  it('numbers rows by the line in which they begin, through quotes, line breaks and empty lines', async () => {
    const text = 'text,label\n\n"two\nlines, ""quoted""",a\r\nlast,b';
    expect(await rows(text)).toEqual([
      [1, 'text', 'label'],
      [3, 'two\nlines, "quoted"', 'a'],
      [5, 'last', 'b'],
    ]);
  });

  it('takes a stray quote for itself and rows of any length, as tab-separated texts have them', async () => {
    expect(await rows('say "hi" now\t1\n"Great" film\t1\t2\n', '\t')).toEqual([
      [1, 'say "hi" now', '1'],
      [2, '"Great" film', '1', '2'],
    ]);
  });

  it('reads the same in pieces as at once', async () => {
    const random = new RandomStream('csv');
    const lines = Array.from(
      { length: 4000 },
      (_, i) => `${i},"${random.pick(['é', '字', '😀', 'a\nb', '""'])}${'x'.repeat(random.int(300))}"`,
    );
    const text = `${lines.join('\n')}\n`;
    expect(await rows(text)).toEqual(
      firstRows(text, { ...quoted, delimiter: ',' }, 4000).rows.map(({ cells, line }) => [line, ...cells]),
    );
  });

  it('refuses a quote that is never closed', async () => {
    await expect(rows('text,label\n"open,a\nb,c\n')).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringMatching(/table\.csv.*Quote Not Closed.*line 3/) as string,
    });
  });
});

describe('bytes that are not UTF-8', () => {
  it('shows offset, line and bytes, wherever they lie in the file', async () => {
    // Past one piece of reading, so that lines and offsets are counted across pieces.
    const before = 'naïve\n'.repeat(50_000);
    const bytes = Buffer.concat([Buffer.from(before), Buffer.from('caf\xe9,good\n', 'latin1')]);
    await expect(rows(bytes)).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringContaining(
        `line 50001, at byte ${Buffer.byteLength(before) + 3}: 0a 63 61 66 [e9] 2c 67 6f (".café,go" in Latin-1)`,
      ) as string,
      hint: expect.stringContaining('iconv -f WINDOWS-1252') as string,
    });
  });

  it('recognises UTF-16 by its mark and by its zero bytes, and a file that ends within a character', async () => {
    await expect(rows(Buffer.from('\uFEFFa,b\n', 'utf16le'))).rejects.toMatchObject({
      message: expect.stringContaining('UTF-16') as string,
    });
    await expect(rows(Buffer.from('a,b\n', 'utf16le'))).rejects.toMatchObject({
      message: expect.stringContaining('zero bytes') as string,
    });
    await expect(rows(Buffer.from('abc é').subarray(0, 5))).rejects.toMatchObject({
      message: expect.stringContaining('at byte 4: 61 62 63 20 [c3]') as string,
    });
  });

  it('finds what Node calls invalid, and nothing else', () => {
    const random = new RandomStream('utf8');
    const edges = [
      0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef,
      0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
    ];
    for (let i = 0; i < 20_000; i++) {
      const bytes = Uint8Array.from({ length: 1 + random.int(5) }, () => random.pick(edges));
      const at = firstInvalid(bytes);
      expect(at < 0, String(bytes)).toBe(isUtf8(bytes));
      if (at >= 0) expect(isUtf8(bytes.subarray(0, at)), String(bytes)).toBe(true);
    }
  });

  it('never cuts a character between pieces', async () => {
    const text = '字😀é'.repeat(100_000);
    const pieces = [];
    for await (const chunk of utf8Chunks(await put(text))) pieces.push(chunk.toString('utf8'));
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.join('')).toBe(text);
  });
});

describe('readLines', () => {
  it('gives lines without their breaks, also across pieces and without a last break', async () => {
    const long = 'é'.repeat(300_000);
    const got = [];
    for await (const line of readLines(await put(`\uFEFFa\r\n\n${long}\nend`))) got.push(line);
    expect(got).toEqual([
      { text: 'a', line: 1 },
      { text: '', line: 2 },
      { text: long, line: 3 },
      { text: 'end', line: 4 },
    ]);
  });

  it('refuses a line without end', async () => {
    const reading = async () => {
      for await (const line of readLines(await put('x'.repeat(1000)), 100)) void line;
    };
    await expect(reading()).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringContaining('line 1') as string,
    });
  });
});
