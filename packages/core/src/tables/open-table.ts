import { HeadstartError } from '@headstart/artifacts/errors';
import type { DataTable } from './data-table.ts';
import { delimitedTable } from './delimited-table.ts';
import { refuseForeign } from './foreign-formats.ts';
import { jsonTable, looksLikeJson } from './json-table.ts';
import { isParquet, isZip, openTableFile, type TableFile } from './table-file.ts';
import { optionError } from './table-errors.ts';
import { TABLE_OPTIONS } from './table-options.ts';
import { tableText } from './table-text.ts';

type Options = Readonly<Record<string, string>>;

/**
 * Opens a table by what the file holds, whatever it is called: delimited text, JSON (an object per line, lists, columns),
 * Parquet, Excel; each may be gzipped.
 * @param options a reader's options; of these, `TABLE_OPTIONS` are meant here
 * @throws HeadstartError `target-not-found`; `target-unreadable`, also for formats that are not read; `invalid-option`,
 * also for an option that says nothing about the file's format
 */
export async function openTable(path: string, options: Options = {}): Promise<DataTable> {
  const header = askedHeader(options['header']);
  const table = await opened(await openTableFile(path), options, header);
  const idle = TABLE_OPTIONS.find(
    ({ name, formats }) => options[name] !== undefined && !formats.includes(table.format),
  );
  if (idle) throw withoutMeaning(path, idle.name, table.format);
  return table;
}

/** Readers of Parquet and Excel are imported where there is such a file. */
async function opened(file: TableFile, options: Options, header: boolean | undefined): Promise<DataTable> {
  if (isParquet(file)) return (await import('./parquet/parquet-table.ts')).parquetTable(file);
  if (isZip(file)) return (await import('./zip-table.ts')).zipTable(file, options, header);
  refuseForeign(file.path, file.head);
  const text = tableText(file, options['encoding']);
  return looksLikeJson(text.head, file.path) ? jsonTable(text, header) : delimitedTable(text, options, header);
}

function askedHeader(asked: string | undefined): boolean | undefined {
  if (asked !== undefined && asked !== 'yes' && asked !== 'no') throw optionError('header', asked, 'yes or no');
  return asked === undefined ? undefined : asked === 'yes';
}

const FORMAT_NAMES: Readonly<Record<DataTable['format'], string>> = {
  csv: 'delimited text',
  jsonl: 'JSON lines',
  json: 'JSON',
  parquet: 'Parquet',
  xlsx: 'an Excel workbook',
};

function withoutMeaning(path: string, option: string, format: DataTable['format']): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `The reader option ${option} means nothing for ${path}, which is ${FORMAT_NAMES[format]}.`,
    hint: `Leave out ${option}.`,
  });
}
