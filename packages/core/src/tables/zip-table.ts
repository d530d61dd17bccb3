import type { DataTable } from './data-table.ts';
import { foreign } from './foreign-formats.ts';
import { unpackedBytes, type TableFile } from './table-file.ts';
import { xlsxTable } from './xlsx/xlsx-table.ts';
import { ZipParts } from './xlsx/zip-parts.ts';

/** Documents that are zip files, by a part that each has. */
const DOCUMENTS: readonly (readonly [part: RegExp, name: string, hint: string])[] = [
  [/^xl\/workbook\.bin$/, 'a binary Excel workbook (.xlsb)', 'Open it and save it as .xlsx or as CSV UTF-8.'],
  [/^word\/document\.xml$/, 'a Word document', 'Copy its table into a spreadsheet and save that as CSV.'],
  [/^ppt\/presentation\.xml$/, 'a presentation', 'Copy its table into a spreadsheet and save that as CSV.'],
  [/^Index\/(?:Document\.iwa|Tables\/)/, 'a workbook of Numbers', 'Open it and export it as Excel (.xlsx) or CSV.'],
  [/^META-INF\/manifest\.xml$/, 'an OpenDocument file (such as .ods)', 'Open it and save it as .xlsx or as CSV UTF-8.'],
  [/\.npy$/, 'an archive of NumPy arrays (.npz)', 'Save a table of texts or pictures with their labels as CSV.'],
  [/(?:^|\/)data\.pkl$/, 'a checkpoint of PyTorch', 'Give a table of texts or pictures with their labels.'],
];

/**
 * The table in a zip file: an Excel workbook; other documents and archives are refused by name.
 * @throws HeadstartError `target-unreadable`; `invalid-option`, `unknown-name` for the sheet
 */
export async function zipTable(
  file: TableFile,
  options: Readonly<Record<string, string>>,
  header: boolean | undefined,
): Promise<DataTable> {
  const parts = await ZipParts.open(file.path, file.gzipped ? await unpackedBytes(file) : file.path);
  const document = DOCUMENTS.find(([part]) => parts.names.some((name) => part.test(name)));
  if (document) throw foreign(file.path, document[1], document[2]);
  if (parts.names.some((name) => /(?:^|\/)workbook\.xml$/.test(name)))
    return xlsxTable(file.path, parts, options, header);
  const files = parts.names.filter((name) => !name.endsWith('/'));
  const some = files.length > 3 ? `${files.slice(0, 3).join(', ')}, …` : files.join(', ');
  throw foreign(
    file.path,
    `a zip archive of ${files.length} ${files.length === 1 ? 'file' : 'files'} (${some})`,
    'Unpack it and give the table in it, or give the archive under a name that ends in .zip.',
  );
}
