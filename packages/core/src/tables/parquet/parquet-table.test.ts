import { parquetWriteBuffer, type ColumnSource } from 'hyparquet-writer';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { listed, tableFolder } from '../table-folder.test.support.ts';
import { checkPages } from './check-pages.ts';

const { open, read } = tableFolder();

interface Written {
  readonly features?: unknown;
  readonly rowGroupSize?: number;
  readonly codec?: 'GZIP' | 'SNAPPY' | 'UNCOMPRESSED';
}

function parquet(
  columns: Readonly<Record<string, ColumnSource['data']>>,
  { features, rowGroupSize, codec }: Written = {},
): Buffer {
  const columnData = Object.entries(columns).map(([name, data]) => ({ name, data }));
  const kvMetadata =
    features === undefined ? [] : [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }];
  return Buffer.from(
    parquetWriteBuffer({
      columnData,
      kvMetadata,
      codec,
      compressors: { GZIP: (bytes) => gzipSync(bytes) },
      ...(rowGroupSize && { rowGroupSize }),
    }),
  );
}

describe('openTable of Parquet', () => {
  it('reads columns that are asked for, row group by row group, under any name and gzipped', async () => {
    const bytes = parquet({ text: ['a', 'b', 'c'], label: [1, 2, 3] }, { rowGroupSize: 2 });
    const expected = [
      ['text', 'label'],
      [1, 'a', 1],
      [2, 'b', 2],
      [3, 'c', 3],
    ];
    for (const name of ['t.parquet', 't.csv', 't']) expect(await read(bytes, name)).toEqual(expected);
    expect(await read(gzipSync(bytes), 't.parquet.gz')).toEqual(expected);
    const table = await open(bytes, 't.parquet');
    expect(table).toMatchObject({ format: 'parquet', unit: 'row' });
    expect((await listed(table, [1]))[1]).toEqual([1, undefined, 1]);
  });

  it('reads texts that are stored as bytes, and leaves other bytes', async () => {
    const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47]);
    const got = await read(parquet({ text: [Buffer.from('naïve'), Buffer.from('b')], image: [png, png] }), 't.parquet');
    expect(got[1]).toEqual([1, 'naïve', png]);
  });

  it('knows what numbers stand for in the data sets of Hugging Face', async () => {
    const names = ['neg', 'pos'];
    const label = { names, _type: 'ClassLabel' };
    const columns = { text: ['a', 'b'], label: [0, 1], tags: [[0], [1]], more: [[0], [1]] };
    const features = {
      text: { dtype: 'string', _type: 'Value' },
      label,
      tags: { feature: label, _type: 'Sequence' },
      more: [label],
    };
    expect((await open(parquet(columns, { features }), 't.parquet')).classNames).toEqual({
      label: names,
      tags: names,
      more: names,
    });
    expect((await open(parquet(columns), 't.parquet')).classNames).toBeUndefined();
  });

  it('does not read a broken column that nobody needs, and refuses one that is needed', async () => {
    const text = Array.from({ length: 300 }, (_, i) => `text number ${i}`);
    const other = Array.from({ length: 300 }, (_, i) => `other words ${i * 7}`);
    const bytes = parquet({ text, other }, { codec: 'GZIP', rowGroupSize: 100 });
    // The second column's packed bytes, from the second gzip header on in the first group of rows.
    const at = bytes.indexOf(Buffer.from([0x1f, 0x8b]), bytes.indexOf(Buffer.from([0x1f, 0x8b])) + 2);
    bytes.fill(0xff, at + 12, at + 40);
    const table = await open(bytes, 't.parquet');
    expect(await listed(table, [0])).toHaveLength(301);
    for (const columns of [undefined, [1]])
      await expect(listed(table, columns)).rejects.toMatchObject({
        code: 'target-unreadable',
        message: expect.stringContaining('cannot be read as Parquet') as string,
      });
  });

  it.each([
    ['nothing', ''],
    ['words', 'not parquet at all'],
    ['a cut-off file', parquet({ text: ['a'] }).subarray(0, -20)],
    [
      'an endless table of contents',
      Buffer.concat([Buffer.from('PAR1'), Buffer.from([0, 0, 0, 0x7f]), Buffer.from('PAR1')]),
    ],
  ])('refuses %s', async (_what, bytes) => {
    await expect(open(bytes, 't.parquet')).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringContaining('cannot be read as Parquet') as string,
    });
  });
});

describe('pages', () => {
  /** A whole number as Thrift's compact protocol has it. */
  const varint = (value: number): number[] => {
    const zigzag = value * 2;
    const bytes = [];
    for (let left = zigzag; ; left = Math.floor(left / 128)) {
      if (left < 128) return [...bytes, left];
      bytes.push((left % 128) + 128);
    }
  };
  /** The header of a data page: type, sizes, and a structure of values, encoding and levels (parquet.thrift). */
  const page = ({ unpacked = 10, packed = 4, values = 2 }) =>
    Buffer.from([
      ...[0x15, ...varint(0), 0x15, ...varint(unpacked), 0x15, ...varint(packed)],
      ...[0x2c, 0x15, ...varint(values), 0x15, 0, 0x15, 6, 0x15, 6, 0, 0],
      ...[1, 2, 3, 4],
    ]);

  async function check(...pages: readonly Buffer[]): Promise<void> {
    const bytes = Buffer.concat(pages);
    await checkPages(
      { byteLength: bytes.length, slice: (start, end) => new Uint8Array(bytes.subarray(start, end)).buffer },
      {
        type: 'BYTE_ARRAY',
        encodings: [],
        path_in_schema: ['text'],
        codec: 'GZIP',
        num_values: 4n,
        total_uncompressed_size: 20n,
        total_compressed_size: BigInt(bytes.length),
        data_page_offset: 0n,
      },
    );
  }

  it('may state what is there', async () => {
    await expect(check(page({}), page({}))).resolves.toBeUndefined();
  });

  it.each([
    ['unpacks to 2048 MiB', [page({}), page({ unpacked: 2 ** 31 - 1 })]],
    ['states 2000000000 values', [page({ values: 2_000_000_000 })]],
    ['goes beyond its column', [page({ packed: 5 })]],
    ['more values than its table of contents', [page({}), page({}), page({})]],
  ])('are refused: %s', async (message, pages) => {
    await expect(check(...pages)).rejects.toThrow(message);
  });
});
