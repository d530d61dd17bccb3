import { parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { tableBytes } from './table-file.ts';
import { tableFormat } from './table-format.ts';

const rows = [
  { id: 'a "b", c', fold: 1, probability: 0.25 },
  { id: 'two\nlines', fold: 2, probability: 1 },
];

it('writes tables that come back as they were', async () => {
  expect(tableBytes(rows, '.csv')).toBe('id,fold,probability\r\n"a ""b"", c",1,0.25\r\n"two\nlines",2,1\r\n');
  const lines = String(tableBytes(rows, '.jsonl')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(rows);
  const parquet = tableBytes(rows, '.parquet') as Uint8Array;
  expect(await parquetReadObjects({ file: new Uint8Array(parquet).buffer })).toEqual(rows);
  expect(tableBytes([], '.csv')).toBe('\r\n');
});

it('knows a table by its ending', () => {
  expect(tableFormat('out-of-fold', 'x/Y.CSV')).toBe('.csv');
  expect(() => tableFormat('out-of-fold', 'x.xlsx')).toThrow(
    /--out-of-fold writes a table, and x\.xlsx is not named as one/,
  );
});
