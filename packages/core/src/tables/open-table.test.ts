import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DataTable } from './data-table.ts';
import { openTable } from './open-table.ts';

let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-open-table-'))));
afterEach(() => rm(root, { recursive: true }));

async function put(content: string | Uint8Array, name = 'table.csv'): Promise<string> {
  const path = join(root, name);
  await writeFile(path, content);
  return path;
}

const open = async (content: string | Uint8Array, options: Record<string, string> = {}, name = 'table.csv') =>
  openTable(await put(content, name), options);

/** Columns, then line and cells of each row, or its fault. */
async function listed(table: DataTable): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const { line, values, fault } of table.records())
    rows.push(fault === undefined ? [line, ...values] : [line, fault]);
  return [table.columns, ...rows];
}

const read = async (...given: Parameters<typeof open>) => listed(await open(...given));

describe('openTable of delimited text', () => {
  it('gives the rows below the names, as often as they are asked for, and only the columns that are', async () => {
    const table = await open('\uFEFFlabel, path\n\na,"x\ny"\r\nb,z\n');
    const expected = [
      ['label', 'path'],
      [3, 'a', 'x\ny'],
      [5, 'b', 'z'],
    ];
    expect(await listed(table)).toEqual(expected);
    expect(await listed(table)).toEqual(expected);
    expect(table).toMatchObject({
      format: 'csv',
      unit: 'line',
      separator: ',',
      header: true,
      headerSeen: true,
      encoding: 'utf-8',
    });
    const some = [];
    for await (const { values } of table.records([1])) some.push(values);
    expect(some).toEqual([
      [undefined, 'x\ny'],
      [undefined, 'z'],
    ]);
  });

  it.each([
    ['the texts have commas', 'text;label\nwell, good; or;a\nso, so;b\nfine;c\n', 2, ';', 4],
    ['cells are quoted', '"a;b","c;d"\n"e;f;g","h"\n', 2, ',', 2],
    ['bars', 'a|b\nc|d\n', 2, '|', 2],
    ['all commas are decimal', 'fine;0,5\ngood;1,5\nbad;2,5\n', 2, ';', 3],
    ['there are more decimal commas than cells', '1,5;2,5;3,5\n2,5;3,5;4,5\n', 3, ';', 2],
    ['each text has one comma', 'well, good;a\nso, so;b\n', 2, ';', 2],
    ['one row has a cell too many', `text;label\n${'good, really;a\n'.repeat(9)}x;y;z\n`, 2, ';', 11],
    ['blanks follow the commas', 'path, label\na.png, "x, y"\nb.png, z\n', 2, ',', 3],
    ['Excel names it', 'sep=;\na,b;c\nd,e;f\n', 2, ';', 2],
    ['comments stand first', '# by hand, 2024\n#\ntext;label\na;b\n', 2, ';', 2],
    ['a row begins like a comment', '# one fan\tgood\nbroke\tbad\nworks\tgood\n', 2, '\t', 3],
    ['a title stands first', 'Export of May, 2024\n\ntext;label\na;b\nc;d\n', 2, ';', 3],
    ['there is one column', 'alone\n', 1, ',', 1],
    ['pictures are listed', 'a/1.png 0\na/2.png 1\n', 2, ' ', 2],
  ])('separates cells where %s', async (_what, content, width, separator, rows) => {
    const table = await open(content, { header: 'no' });
    expect(table.separator).toBe(separator);
    expect(table.columns).toHaveLength(width);
    expect(await listed(table)).toHaveLength(rows + 1);
  });

  it.each([
    ['a,b\tc\n', {}, 'table.tsv', '\t'],
    ['a,b\nc,d\n', {}, 'table.tsv', ','],
    ['a#b,c\n', { delimiter: '#' }, 'table.csv', '#'],
    ['a\tb\tc,d\n', { delimiter: 'tab' }, 'table.csv', '\t'],
    ['ham\tfine, really\nspam\tbuy, now, or never\n', {}, 'SMSSpamCollection', '\t'],
  ])('separates the cells of %j %j %s', async (content, options, name, separator) => {
    expect((await open(content, options as Record<string, string>, name)).separator).toBe(separator);
  });

  it('finds the separator where the first quoted cell is longer than what is looked at', async () => {
    const long = 'line, of text\n'.repeat(30_000);
    const table = await open(`id;text\n1;"${long}"\n2;"b"\n`);
    expect(await listed(table)).toEqual([
      ['id', 'text'],
      [2, '1', long],
      [30_003, '2', 'b'],
    ]);
  });

  it('reads quotes after a backslash, and a backslash that ends a cell', async () => {
    expect(await read('text,label\n"so \\"really\\", yes","good"\n"well","bad"\n')).toEqual([
      ['text', 'label'],
      [2, 'so "really", yes', 'good'],
      [3, 'well', 'bad'],
    ]);
    expect(await read('folder,label\n"C:\\a\\","x"\n"C:\\b\\","y"\n')).toEqual([
      ['folder', 'label'],
      [2, 'C:\\a\\', 'x'],
      [3, 'C:\\b\\', 'y'],
    ]);
  });

  it('takes quotes for letters in tab-separated texts that never close one', async () => {
    const expected = [
      ['1', '2'],
      [1, 'ham', 'fine'],
      [2, 'spam', '"buy now'],
      [3, 'ham', 'well'],
      [4, 'ham', 'so'],
    ];
    expect(await read('ham\tfine\nspam\t"buy now\nham\twell\nham\tso\n')).toEqual(expected);
    const two = 'ham\tfine\nspam\t"buy now\nham\twell\nspam\t"so\nham\tx\nspam\ty\n';
    expect((await read(two, {}, 'table.tsv')).slice(1)).toHaveLength(6);
    expect(await read('text\tlabel\n"a\tb"\tx\n"c ""d"""\ty\n')).toEqual([
      ['text', 'label'],
      [2, 'a\tb', 'x'],
      [3, 'c "d"', 'y'],
    ]);
  });

  it('refuses a quote that swallows rows, unless it is meant', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `text ${i},${i % 2 ? 'good' : 'bad'}`);
    rows[20] = '"5 inch screen,good';
    rows[30] = '"4 inch screen,bad';
    const content = `text,label\n${rows.join('\n')}\n`;
    await expect(open(content)).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringContaining('table.csv, line 22: a quote opens a cell whose lines look like rows') as string,
      hint: expect.stringContaining('quote=none') as string,
    });
    const all = await read(content, { quote: 'none' });
    expect(all).toHaveLength(41);
    expect(all[21]).toEqual([22, '"5 inch screen', 'good']);
    expect((await read(content, { quote: '"' })).length).toBeLessThan(41);
    await expect(open(content, { quote: 'some' })).rejects.toMatchObject({ code: 'invalid-option' });
  });

  it('reads cells of several lines', async () => {
    const poem = 'Roses are red,\nviolets are blue,\nsugar is sweet,\nand so are you.';
    const rows = Array.from({ length: 40 }, (_, i) => `"${poem}",${i % 2 ? 'good' : 'bad'}`);
    expect((await read(`text,label\n${rows.join('\n')}\n`)).slice(1)).toHaveLength(40);
  });

  it.each([
    ['a usual name', 'text,verdict\na,b\n', true],
    ['a usual name that comes back below', 'I love it,positive\nI hate it,negative\nSo good,positive\n', false],
    [
      'a usual name beside a sentence',
      'I love this phone so much,review\nIt broke after two days,bug\nSo good as it is,idea\n',
      false,
    ],
    ['a number', 'a stirring tale,1\ndull beyond words,0\n', false],
    ['a word above numbers', ',Age,Class Name\n0,31,x\n1,32,y\n', true],
    ['sides of boxes', 'a,xmin,ymin,xmax,ymax\nb,1,2,3,4\n', true],
    ['a picture', 'cat.png,label\ndog.png,x\n', false],
    ['sentences', 'what is it that you said\nhow is it that they went\n', false],
  ])('sees whether the first row names columns, by %s', async (_what, content, named) => {
    expect((await open(content)).header).toBe(named);
    expect((await open(content, { header: 'no' })).header).toBe(false);
    expect(await open(content, { header: 'yes' })).toMatchObject({ header: true });
  });

  it('numbers columns without names, and refuses other words for the option', async () => {
    expect((await open('label,b\nc,d\n', { header: 'no' })).columns).toEqual(['1', '2']);
    expect((await open(',text\n0,a\n1,b\n')).columns).toEqual(['1', 'text']);
    expect((await open('text,text\na,b\n')).columns).toEqual(['text', 'text']);
    await expect(open('a,b\n', { header: 'maybe' })).rejects.toMatchObject({ code: 'invalid-option' });
    await expect(open('a,b\n', { delimiter: '' })).rejects.toMatchObject({ code: 'invalid-option' });
  });

  it('leaves out columns and rows that are empty throughout', async () => {
    expect(await read('text,label,,\na,b,,\n,,,\nc,d,,\n,,,\n')).toEqual([
      ['text', 'label'],
      [2, 'a', 'b'],
      [4, 'c', 'd'],
    ]);
    expect(await read('')).toEqual([[]]);
  });

  it('reports rows that have more or fewer cells than the first, and zero bytes', async () => {
    expect(await read(`text,label\na,b\nc\nd,e,f\ng,h,\n${'i,j\n'.repeat(1500)}x\0y,z\n`)).toMatchObject({
      1: [2, 'a', 'b'],
      2: [3, 'it has 1 cell where the first line has 2'],
      3: [4, 'it has 3 cells where the first line has 2'],
      4: [5, 'g', 'h'],
      1505: [1506, 'it has a zero byte'],
    });
  });

  it('refuses more columns than a table has', async () => {
    const content = `${Array.from({ length: 1_000_000 }, (_, i) => i).join(',')}\n`;
    await expect(open(content)).rejects.toMatchObject({
      message: expect.stringContaining('1,000,000 columns') as string,
    });
  });
});

describe('encodings', () => {
  const content = 'text,label\nschön,gut\nÆblegrød,好\n';
  const expected = [
    ['text', 'label'],
    [2, 'schön', 'gut'],
    [3, 'Æblegrød', '好'],
  ];

  it.each(['utf8', 'utf16le'] as const)('reads %s with and without a mark', async (encoding) => {
    expect(await read(Buffer.from(content, encoding))).toEqual(expected);
    expect(await read(Buffer.from(`\uFEFF${content}`, encoding))).toEqual(expected);
  });

  it('reads UTF-16 of the other byte order', async () => {
    for (const mark of ['', '\uFEFF']) {
      const table = await open(Buffer.from(mark + content, 'utf16le').swap16());
      expect(table.encoding).toBe('utf-16be');
      expect(await listed(table)).toEqual(expected);
    }
  });

  it('refuses other bytes with their place, and reads them as the option says', async () => {
    const latin = Buffer.from('text,label\nsch\xf6n,gut\n', 'latin1');
    await expect(open(latin)).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringContaining('line 2, at byte 14: ') as string,
      hint: expect.stringContaining('encoding=windows-1252') as string,
    });
    const table = await open(latin, { encoding: 'latin1' });
    expect(table.encoding).toBe('windows-1252');
    expect(await listed(table)).toEqual([
      ['text', 'label'],
      [2, 'schön', 'gut'],
    ]);
    await expect(open(latin, { encoding: 'latein' })).rejects.toMatchObject({ code: 'invalid-option' });
    await expect(open(latin, { encoding: 'euc-jp' })).rejects.toMatchObject({
      message: expect.stringContaining('is not euc-jp throughout') as string,
    });
  });
});

describe('openTable of JSON lines', () => {
  it.each(['a.jsonl', 'a.json', 'a.txt', 'a.ndjson', 'a'])('reads an object per line from %s', async (name) => {
    expect(await read('\uFEFF{"text":"a","n":1}\n\n{"text":"b","m":[1]}\r\n', {}, name)).toEqual([
      ['text', 'n', 'm'],
      [1, 'a', 1, undefined],
      [3, 'b', undefined, [1]],
    ]);
  });

  it('passes over what makes the lines an array, and reads the NaN that Python writes', async () => {
    expect(await read('[\n{"text":"NaN","n":1},\n{"text":"b","n":NaN}\n]\n', {}, 'a.json')).toEqual([
      ['text', 'n'],
      [2, 'NaN', 1],
      [3, 'b', null],
    ]);
  });

  it('reports lines that are no objects', async () => {
    expect(await read('{"text":"a"}\n{"text":\n[1]\n{"text":"b"}\n', {}, 'a.jsonl')).toEqual([
      ['text'],
      [1, 'a'],
      [2, expect.stringContaining('it is not JSON') as string],
      [3, 'it is not a JSON object'],
      [4, 'b'],
    ]);
  });
});

describe('files', () => {
  it('unpacks gzip by what the file holds', async () => {
    const expected = [
      ['text', 'label'],
      [2, 'a', 'b'],
    ];
    const packed = gzipSync('text,label\na,b\n');
    expect(await read(packed, {}, 'table.csv.gz')).toEqual(expected);
    expect(await read(packed)).toEqual(expected);
    await expect(open(packed.subarray(0, 20))).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringContaining('gzipped') as string,
    });
  });

  it('refuses what is no file without waiting for it', async () => {
    await expect(openTable(join(root, 'gone.csv'))).rejects.toMatchObject({ code: 'target-not-found' });
    await expect(openTable(root)).rejects.toMatchObject({ message: expect.stringContaining('is a folder') as string });
    if (process.platform === 'win32') return;
    const pipe = join(root, 'pipe.csv');
    execFileSync('mkfifo', [pipe]);
    await expect(openTable(pipe)).rejects.toMatchObject({ message: expect.stringContaining('is a pipe') as string });
    await expect(openTable('/dev/zero')).rejects.toMatchObject({
      message: expect.stringContaining('is a device') as string,
    });
    const socket = join(root, 'socket.csv');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    await expect(openTable(socket)).rejects.toMatchObject({
      message: expect.stringContaining('is a socket') as string,
    });
    server.close();
  });
});
