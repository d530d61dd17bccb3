import { cellTable, type CellRow } from './cell-table.ts';
import { readRows } from './csv-rows.ts';
import type { DataTable } from './data-table.ts';
import { NO_DELIMITER, sniffDialect } from './dialect.ts';
import { swallowed, swallowsRows } from './swallowed-rows.ts';
import type { TableText } from './table-text.ts';

/**
 * A table of delimited text, such as CSV and TSV.
 * @throws HeadstartError `target-unreadable`, also for bytes of another encoding and for quotes that swallow rows;
 * `invalid-option`
 */
export function delimitedTable(
  text: TableText,
  options: Readonly<Record<string, string>>,
  header: boolean | undefined,
): Promise<DataTable> {
  const { path, encoding } = text;
  const { dialect, shape } = sniffDialect(text, options);
  const meant = options['quote'] !== undefined;
  async function* rows(): AsyncGenerator<CellRow> {
    for await (const row of readRows(text.chunks(), path, dialect)) {
      if (!meant && swallowsRows(row, dialect, shape)) throw swallowed(path, row.line);
      yield row.cells.some((cell) => cell.includes('\0')) ? { ...row, fault: 'it has a zero byte' } : row;
    }
  }
  const separator = dialect.delimiter === NO_DELIMITER ? undefined : dialect.delimiter;
  return cellTable({ path, format: 'csv', unit: 'line', separator, encoding, above: dialect.skip, rows }, header);
}
