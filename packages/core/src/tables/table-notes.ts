import type { TableNotes } from '../domains/reading-notes.ts';
import type { DataTable } from './data-table.ts';

/** How a table was read, with what its columns are taken for, by their indices. */
export function tableNotes(table: DataTable, roles: ReadonlyMap<number, string>): TableNotes {
  const { separator, header, encoding, sheet } = table;
  return {
    columns: table.columns.map((name, column) => ({ name, ...(roles.has(column) && { role: roles.get(column)! }) })),
    ...(separator !== undefined && { separator }),
    ...(header !== undefined && { header }),
    ...(encoding !== undefined && { encoding }),
    ...(sheet !== undefined && { sheet }),
  };
}
