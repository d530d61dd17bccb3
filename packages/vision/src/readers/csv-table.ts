import { columnError, namedColumn, parseCsv, type TableRow } from '@headstart/core/readers';
import { HeadstartError } from '@headstart/core';
import { namesImage } from '@headstart/core/images';
import { extname } from 'node:path';

export interface Table {
  /** Column names; absent where the first line is data already. */
  readonly header?: readonly string[];
  readonly rows: readonly TableRow[];
}

/**
 * Parses a table. The first line is a header unless one of its cells names a picture.
 * @throws HeadstartError `target-unreadable` for a line that is not well formed
 */
export function parseTable(text: string, path: string, options: Readonly<Record<string, string>>): Table {
  const delimiter = options['delimiter'] ?? (extname(path).toLowerCase() === '.tsv' ? '\t' : ',');
  const rows = parseCsv(text, path, { delimiter });
  const first = rows[0];
  if (!first || first.cells.some(namesImage)) return { rows };
  return { header: first.cells.map((cell) => cell.trim()), rows: rows.slice(1) };
}

const CHOOSE = 'path-column, label-column and split-column';
const PATH_NAMES = [
  'path',
  'file',
  'filename',
  'file_name',
  'filepath',
  'file_path',
  'image',
  'image_path',
  'img',
  'img_path',
];
const LABEL_NAMES = ['label', 'class', 'category', 'target', 'class_name', 'label_name'];

export interface Columns {
  readonly path: number;
  readonly label: number;
  readonly split?: number;
}

/**
 * Finds the columns: by option, else by name, else (without a header) the first cell that names a
 * picture and the one cell beside it.
 * @throws HeadstartError `invalid-option` where that is not clear
 */
export function columnsOf(table: Table, file: string, options: Readonly<Record<string, string>>): Columns {
  const { header, rows } = table;
  if (!header) return unnamedColumns(rows[0]!, file, options);
  const find = (option: string, names: readonly string[]) =>
    namedColumn({ header, file, option, options, names, choose: CHOOSE });
  const path = find('path-column', PATH_NAMES);
  const label = find('label-column', LABEL_NAMES);
  const split = find('split-column', ['split', 'subset']);
  if (path === undefined) throw columnError(`${file} has no column of paths`, header, CHOOSE);
  if (label === undefined) throw columnError(`${file} has no column of labels`, header, CHOOSE);
  return { path, label, split };
}

function unnamedColumns({ cells }: TableRow, file: string, options: Readonly<Record<string, string>>): Columns {
  const asked = ['path-column', 'label-column', 'split-column'].find((name) => options[name] !== undefined);
  const path = cells.findIndex(namesImage);
  if (asked || cells.length !== 2) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: asked
        ? `${file} has no header line, so ${asked} names nothing.`
        : `${file} has no header line and ${cells.length} columns.`,
      hint: 'Add a first line that names the columns, such as path,label,split.',
    });
  }
  return { path, label: 1 - path };
}
