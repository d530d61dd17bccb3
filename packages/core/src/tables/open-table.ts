import type { DataTable } from './data-table.ts';
import { delimitedTable } from './delimited-table.ts';
import { jsonLinesTable } from './json-lines-table.ts';
import { parquetTable } from './parquet-table.ts';
import { openTableFile } from './table-file.ts';
import { optionError } from './table-errors.ts';
import { tableText } from './table-text.ts';

/**
 * Opens a table by what the file holds, whatever it is called: delimited text, JSON lines, Parquet, each also gzipped.
 * @param options a reader's options; of these, `TABLE_OPTIONS` are meant here
 * @throws HeadstartError `target-not-found`; `target-unreadable`, also for formats that are not read; `invalid-option`
 */
export async function openTable(path: string, options: Readonly<Record<string, string>> = {}): Promise<DataTable> {
  const header = askedHeader(options['header']);
  const file = await openTableFile(path);
  if (file.head.toString('latin1', 0, 4) === 'PAR1' || /\.parquet$/i.test(path)) return parquetTable(path);
  const text = tableText(file, options['encoding']);
  return looksLikeJson(text.head) ? jsonLinesTable(text) : delimitedTable(text, options, header);
}

/** A JSON object or array begins the text; a cell of delimited text that does so is in quotes. */
function looksLikeJson(head: string): boolean {
  return /^\s*(?:\{\s*(?:["}]|$)|\[\s*(?:[{[\]]|$))/.test(head);
}

function askedHeader(asked: string | undefined): boolean | undefined {
  if (asked !== undefined && asked !== 'yes' && asked !== 'no') throw optionError('header', asked, 'yes or no');
  return asked === undefined ? undefined : asked === 'yes';
}
