import { columnError, firstRecords, namedColumn, type DataTable, type TableRecord } from '@headstart/core/readers';
import { COLUMN_NAMES, TEXT_COLUMNS, type TextColumn } from './column-names.ts';

/** Which column holds what, by index. */
export type TextColumns = { readonly text: number } & { readonly [Column in Exclude<TextColumn, 'text'>]?: number };

/** Rows that are looked at to tell texts from labels. */
const LOOK = 200;
const CHOOSE = 'text-column, label-column, pair-column, score-column and split-column';

/**
 * Finds the columns: by option, else by name. A column of texts without a usual name is the one whose
 * cells are at least twice as long as any other's on average; a column of labels without one is the only
 * one left whose values come back.
 * @throws HeadstartError `invalid-option` where that is not clear
 */
export async function textColumns(
  table: DataTable,
  file: string,
  options: Readonly<Record<string, string>>,
): Promise<TextColumns> {
  const header = table.columns;
  const found: Partial<Record<TextColumn, number>> = {};
  for (const column of TEXT_COLUMNS) {
    const option = `${column}-column`;
    found[column] = namedColumn({ table, file, option, options, names: COLUMN_NAMES[column], choose: CHOOSE });
  }
  const records = (await firstRecords(table, LOOK)).filter(({ fault }) => fault === undefined);
  const left = () => header.flatMap((_, index) => (Object.values(found).includes(index) ? [] : [index]));
  found.text ??= longest(left(), records);
  if (found.text === undefined) throw columnError(`${file} has no column of texts`, table, CHOOSE);
  if (found.label === undefined && found.score === undefined) found.label = onlyRepeating(left(), records);
  if (found.label === undefined && found.score === undefined && found.pair === undefined)
    throw columnError(`${file} has no column of labels`, table, CHOOSE);
  return found as TextColumns;
}

function longest(columns: readonly number[], records: readonly TableRecord[]): number | undefined {
  const means = columns
    .map((column) => ({
      column,
      length: records.reduce((sum, { values }) => sum + lengthOf(values[column]), 0) / records.length,
    }))
    .sort((a, b) => b.length - a.length);
  const [first, second] = means;
  return first && first.length > 0 && first.length >= 2 * (second?.length ?? 0) ? first.column : undefined;
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}

function onlyRepeating(columns: readonly number[], records: readonly TableRecord[]): number | undefined {
  const repeating = columns.filter((column) => {
    const values = new Set(
      records.map(({ values: row }) =>
        JSON.stringify(row[column], (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
      ),
    );
    return values.size > 1 && values.size < records.length;
  });
  return repeating.length === 1 ? repeating[0] : undefined;
}
