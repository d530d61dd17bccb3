import type { PassedOver, TableNotes } from '../domains/reading-notes.ts';
import type { DataTable, TableFindings } from './data-table.ts';

/** So many of what was left aside are named. */
const SHOWN = 5;

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

/** What is to be said of the rows of tables, once they are read: what was left aside is counted over all of them. */
export function tableFindings(tables: readonly Pick<DataTable, 'findings'>[]): TableFindings {
  const found = tables.flatMap((table) => table.findings?.() ?? []);
  const kinds = new Map<string, PassedOver>();
  for (const { what, count, examples } of found.flatMap(({ passedOver }) => passedOver)) {
    const known = kinds.get(what) ?? { what, count: 0, examples: [] };
    kinds.set(what, { what, count: known.count + count, examples: [...known.examples, ...examples].slice(0, SHOWN) });
  }
  return { passedOver: [...kinds.values()], warnings: found.flatMap(({ warnings }) => warnings) };
}
