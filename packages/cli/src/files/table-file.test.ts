import { parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { tableBytes } from './table-file.ts';
import { tableFormat } from './table-format.ts';

const rows = [
  { id: 'a "b", c', fold: 1, probability: 0.25 },
  { id: 'two\nlines', fold: 2, probability: 1 },
];

it('writes tables that come back as they were', async () => {
  expect(tableBytes(rows, '.csv')).toBe('id,fold,probability\n"a ""b"", c",1,0.25\n"two\nlines",2,1\n');
  const lines = String(tableBytes(rows, '.jsonl')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(rows);
  const parquet = tableBytes(rows, '.parquet') as Uint8Array;
  expect(await parquetReadObjects({ file: new Uint8Array(parquet).buffer })).toEqual(rows);
  expect(tableBytes([], '.csv')).toBe('\n');
});

it('keeps numbers that a 32-bit integer does not hold', async () => {
  const numbers = [2 ** 31, -(2 ** 40), Number.MAX_SAFE_INTEGER];
  const large = numbers.map((count) => ({ count, size: count * 2 ** 20 }));
  const parquet = tableBytes(large, '.parquet') as Uint8Array;
  const read = await parquetReadObjects({ file: new Uint8Array(parquet).buffer });
  expect(read).toEqual(large.map(({ count, size }) => ({ count: BigInt(count), size })));
  expect(tableBytes(large, '.csv')).toContain('9007199254740991');
});

it('knows a table by its ending', () => {
  expect(tableFormat('out-of-fold', 'x/Y.CSV')).toBe('.csv');
  expect(() => tableFormat('out-of-fold', 'x.xlsx')).toThrow(
    /--out-of-fold writes a table, and x\.xlsx is not named as one/,
  );
});
