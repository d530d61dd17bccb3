import { parquetMetadata, parquetRead, type SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { z } from 'zod';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { EvidenceItems, ItemColumn, ItemColumnType } from '@headstart/core/trials';
import { canonicalJson } from './canonical-json.ts';
import { corrupt } from './record-file.ts';

/** What was predicted of each sample of a test, with their names and the digests of their content. */
export interface Predictions {
  readonly ids: readonly string[];
  readonly digests: readonly string[];
  readonly items: EvidenceItems;
}

const KEY = 'headstart';
const OWN: readonly string[] = ['id', 'digest'];

const metadataSchema = z.strictObject({
  format: z.literal(1),
  kind: z.string(),
  shared: z.record(z.string(), z.unknown()),
  columns: z.array(
    z.strictObject({ name: z.string(), type: z.enum(['string', 'int32', 'float32', 'float32[]', 'json']) }),
  ),
});

/** A column of a row each, as Parquet has it. */
const leaves: Readonly<Record<ItemColumnType, (name: string) => SchemaElement[]>> = {
  string: (name) => [textColumn(name)],
  json: (name) => [textColumn(name)],
  int32: (name) => [{ name, type: 'INT32', repetition_type: 'REQUIRED' }],
  float32: (name) => [{ name, type: 'FLOAT', repetition_type: 'REQUIRED' }],
  'float32[]': (name) => [
    { name, repetition_type: 'REQUIRED', converted_type: 'LIST', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
  ],
};

function textColumn(name: string): SchemaElement {
  return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' };
}

/**
 * A Parquet file of one row per sample: `id`, `digest`, then the columns of the evidence; what all rows share is in the
 * file's metadata. The same predictions give the same bytes.
 */
export function writePredictions({ ids, digests, items }: Predictions): Uint8Array {
  const taken = items.columns.find(({ name }) => OWN.includes(name));
  if (taken)
    throw new HeadstartError({
      code: 'plugin-invalid',
      message: `The evidence "${items.kind}" has a column "${taken.name}", a name that predictions have for the sample's own.`,
      hint: 'Call the column otherwise in the format of that evidence.',
    });
  const columns: readonly ItemColumn[] = [
    { name: 'id', type: 'string', values: ids },
    { name: 'digest', type: 'string', values: digests },
    ...items.columns,
  ];
  const metadata: z.infer<typeof metadataSchema> = {
    format: 1,
    kind: items.kind,
    shared: items.shared,
    columns: items.columns.map(({ name, type }) => ({ name, type })),
  };
  const buffer = parquetWriteBuffer({
    columnData: columns.map(({ name, values }) => ({ name, data: [...values] })),
    schema: [
      { name: 'root', num_children: columns.length },
      ...columns.flatMap(({ name, type }) => leaves[type](name)),
    ],
    kvMetadata: [{ key: KEY, value: canonicalJson(metadata) }],
    createdBy: KEY,
  });
  return new Uint8Array(buffer);
}

/** The predictions in a file. @throws HeadstartError `record-invalid` */
export async function readPredictions(bytes: Uint8Array, path: string): Promise<Predictions> {
  const file = new Uint8Array(bytes).buffer;
  try {
    const { key_value_metadata: pairs = [] } = parquetMetadata(file);
    const text = pairs.find(({ key }) => key === KEY)?.value;
    const { kind, shared, columns } = metadataSchema.parse(JSON.parse(text ?? 'null'));
    const values = await columnsOf(file);
    const column = (name: string) => values.get(name) ?? [];
    return {
      ids: column('id') as string[],
      digests: column('digest') as string[],
      items: {
        kind: kind as EvidenceItems['kind'],
        shared,
        columns: columns.map((each) => ({ ...each, values: column(each.name) })),
      },
    };
  } catch (cause) {
    throw HeadstartError.is(cause) ? cause : corrupt(path, `it is no file of predictions (${String(cause)})`, cause);
  }
}

type Cells = (string | number | readonly number[])[];

async function columnsOf(file: ArrayBuffer): Promise<Map<string, Cells>> {
  const columns = new Map<string, Cells>();
  await parquetRead({
    file,
    onChunk({ columnName, columnData, rowStart }) {
      const column = columns.get(columnName) ?? [];
      columns.set(columnName, column);
      Array.from(columnData as ArrayLike<Cells[number]>).forEach((value, i) => (column[rowStart + i] = value));
    },
  });
  return columns;
}
