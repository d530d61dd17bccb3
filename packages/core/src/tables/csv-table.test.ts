import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { glanceAtCsv, openCsvTable, type CsvTable } from './csv-table.ts';

let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-csv-table-'))));
afterEach(() => rm(root, { recursive: true }));

async function put(content: string | Uint8Array, name = 'table.csv'): Promise<string> {
  const path = join(root, name);
  await writeFile(path, content);
  return path;
}

/** A first row with the cell "label" names columns. */
const open = async (content: string | Uint8Array, options: Record<string, string> = {}, name = 'table.csv') =>
  openCsvTable(await put(content, name), { options, namesColumns: ([first]) => first!.cells.includes('label') });

async function rowsOf(table: CsvTable): Promise<(readonly [number, ...string[]])[]> {
  const rows = [];
  for await (const { line, cells } of table.rows()) rows.push([line, ...cells] as const);
  return rows;
}

describe('openCsvTable', () => {
  it('gives the rows below the header, as often as they are asked for', async () => {
    const table = await open('\uFEFFlabel, path\n\na,"x\ny"\r\nb,z\n');
    expect([table.header, table.width]).toEqual([['label', 'path'], 2]);
    for (let i = 0; i < 2; i++) {
      expect(await rowsOf(table)).toEqual([
        [3, 'a', 'x\ny'],
        [5, 'b', 'z'],
      ]);
    }
  });

  it('asks whether the first row names columns, unless an option says so', async () => {
    expect((await open('a,b\nc,d\n')).header).toBeUndefined();
    expect(await rowsOf(await open('a,b\nc,d\n', { header: 'yes' }))).toEqual([[2, 'c', 'd']]);
    expect(await rowsOf(await open('label,b\nc,d\n', { header: 'no' }))).toEqual([
      [1, 'label', 'b'],
      [2, 'c', 'd'],
    ]);
    await expect(open('a,b\n', { header: 'maybe' })).rejects.toMatchObject({ code: 'invalid-option' });
  });

  it.each([
    ['a;b,c;d\ne;f;g\n', {}, 'table.csv', 3],
    ['a|b\nc|d\n', {}, 'table.csv', 2],
    ['a,b\tc\n', {}, 'table.tsv', 2],
    ['a#b,c\n', { delimiter: '#' }, 'table.csv', 2],
    ['a\tb\tc,d\n', { delimiter: 'tab' }, 'table.csv', 3],
    ['alone\n', {}, 'table.csv', 1],
    ['', {}, 'table.csv', 0],
  ])('separates the cells of %j %j', async (content, options, name, width) => {
    expect((await open(content, options as Record<string, string>, name)).width).toBe(width);
  });

  it('reports rows that have more or fewer cells than the first', async () => {
    const table = await open('label,path\na,b\nc\nd,e,f\n');
    const faults = [];
    for await (const { line, fault } of table.rows()) faults.push([line, fault]);
    expect(faults).toEqual([
      [2, undefined],
      [3, 'it has 1 cell where the first line has 2'],
      [4, 'it has 3 cells where the first line has 2'],
    ]);
  });

  it('refuses another encoding before it looks at columns, and names what is missing', async () => {
    await expect(open(Buffer.from('étiquette,path\n', 'latin1'))).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringContaining('line 1, at byte 0: [e9]') as string,
    });
    const gone = openCsvTable(join(root, 'gone.csv'), { options: {}, namesColumns: () => true });
    await expect(gone).rejects.toMatchObject({ code: 'target-not-found' });
  });
});

describe('glanceAtCsv', () => {
  it('shows the first rows of a table in any encoding', async () => {
    const cells = (await glanceAtCsv(await put(Buffer.from('a;b\né;2\n3;4\n', 'latin1')), 2)).map((row) => row.cells);
    expect(cells).toEqual([
      ['a', 'b'],
      ['\uFFFD', '2'],
    ]);
  });

  it('does not read past the first rows', async () => {
    expect(await glanceAtCsv(await put('a,b\n"never closed,\n'), 1)).toHaveLength(1);
  });
});
