import { HeadstartError } from '@headstart/artifacts/errors';
import type { EvidenceItems, ItemColumn, ItemColumnType } from './evidence-format.ts';

/** The error for a table of items that is not what its kind is kept as. */
export function itemsInvalid(items: Pick<EvidenceItems, 'kind'>, why: string): HeadstartError {
  return new HeadstartError({
    code: 'record-invalid',
    message: `The predictions of the kind "${items.kind}" cannot be read: ${why}.`,
    hint: 'They were altered, or written by another version: run the cell again.',
  });
}

/** A column of a table by its name. @throws HeadstartError `record-invalid` where it is missing, of another type or too short */
function columnOf(items: EvidenceItems, name: string, type: ItemColumnType): ItemColumn {
  const column = items.columns.find((each) => each.name === name);
  if (!column) throw itemsInvalid(items, `they have no column "${name}"`);
  if (column.type !== type)
    throw itemsInvalid(items, `their column "${name}" holds ${column.type} where ${type} belongs`);
  const rows = items.columns[0]!.values.length;
  if (column.values.length !== rows)
    throw itemsInvalid(items, `their column "${name}" has ${column.values.length} rows where another has ${rows}`);
  return column;
}

/** A column of numbers. @throws HeadstartError `record-invalid` */
export function numberColumn(items: EvidenceItems, name: string, type: 'int32' | 'float32'): readonly number[] {
  const { values } = columnOf(items, name, type);
  if (!values.every((value) => typeof value === 'number'))
    throw itemsInvalid(items, `their column "${name}" has what is no number`);
  return values;
}

/** A column of rows of numbers, one row after another. @throws HeadstartError `record-invalid` */
export function rowColumn(items: EvidenceItems, name: string, width: number): Float32Array {
  const { values } = columnOf(items, name, 'float32[]');
  const joined = new Float32Array(values.length * width);
  values.forEach((row, i) => {
    if (!Array.isArray(row) || row.length !== width)
      throw itemsInvalid(items, `row ${i + 1} of their column "${name}" is not ${width} numbers`);
    joined.set(row as readonly number[], i * width);
  });
  return joined;
}

/** A column of JSON, parsed. @throws HeadstartError `record-invalid` */
export function jsonColumn(items: EvidenceItems, name: string): unknown[] {
  return columnOf(items, name, 'json').values.map((text, i) => {
    try {
      return JSON.parse(String(text)) as unknown;
    } catch {
      throw itemsInvalid(items, `row ${i + 1} of their column "${name}" is not JSON`);
    }
  });
}

/** The labels that all items share. @throws HeadstartError `record-invalid` */
export function sharedLabels(items: EvidenceItems): readonly string[] {
  const { labels } = items.shared;
  if (Array.isArray(labels) && labels.every((label) => typeof label === 'string')) return labels;
  throw itemsInvalid(items, 'they name no labels');
}

/** Values of a row-major array as rows of a column. */
export function asRows(values: Float32Array, width: number): number[][] {
  return Array.from({ length: width === 0 ? 0 : values.length / width }, (_, i) =>
    Array.from(values.subarray(i * width, (i + 1) * width)),
  );
}
