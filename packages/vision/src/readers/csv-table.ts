import { HeadstartError } from '@headstart/core';
import { parse } from 'csv-parse/sync';
import { extname } from 'node:path';
import { namesImage } from './file-kinds.ts';

export interface Row {
  readonly cells: readonly string[];
  /** Line of the file, from 1. */
  readonly line: number;
}

export interface Table {
  /** Column names; absent where the first line is data already. */
  readonly header?: readonly string[];
  readonly rows: readonly Row[];
}

/**
 * Parses a table. The first line is a header unless one of its cells names a picture.
 * @throws HeadstartError `target-unreadable` for a line that is not well formed
 */
export function parseTable(text: string, path: string, options: Readonly<Record<string, string>>): Table {
  const delimiter = options['delimiter'] ?? (extname(path).toLowerCase() === '.tsv' ? '\t' : ',');
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, { bom: true, delimiter, skip_empty_lines: true, info: true }) as unknown as typeof records;
  } catch (cause) {
    throw new HeadstartError({
      code: 'target-unreadable',
      message: `${path} is not a table: ${cause instanceof Error ? cause.message : String(cause)}.`,
      hint: 'Every line needs the same number of cells; cells with commas or line breaks belong in double quotes.',
      cause,
    });
  }
  const rows = records.map(({ record, info }) => ({ cells: record, line: info.lines }));
  const first = rows[0];
  if (!first || first.cells.some(namesImage)) return { rows };
  return { header: first.cells.map((cell) => cell.trim()), rows: rows.slice(1) };
}

const PATH_NAMES = ['path', 'file', 'filename', 'file_name', 'filepath', 'file_path', 'image', 'image_path', 'img', 'img_path'];
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
  const find = (option: string, names: readonly string[]): number | undefined => {
    const asked = options[option];
    if (asked !== undefined) {
      const index = header.indexOf(asked);
      if (index < 0) throw columnError(`${file} has no column "${asked}"`, header);
      return index;
    }
    const matches = header.flatMap((name, index) => (names.includes(name.toLowerCase()) ? [index] : []));
    if (matches.length > 1) {
      throw columnError(`${file} has several columns that may hold the ${option.split('-')[0]}: ${matches.map((i) => header[i]).join(', ')}`, header);
    }
    return matches[0];
  };
  const path = find('path-column', PATH_NAMES);
  const label = find('label-column', LABEL_NAMES);
  const split = find('split-column', ['split', 'subset']);
  if (path === undefined) throw columnError(`${file} has no column of paths`, header);
  if (label === undefined) throw columnError(`${file} has no column of labels`, header);
  return { path, label, split };
}

function unnamedColumns({ cells }: Row, file: string, options: Readonly<Record<string, string>>): Columns {
  const asked = ['path-column', 'label-column', 'split-column'].find((name) => options[name] !== undefined);
  const path = cells.findIndex(namesImage);
  if (asked || cells.length !== 2) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: asked ? `${file} has no header line, so ${asked} names nothing.` : `${file} has no header line and ${cells.length} columns.`,
      hint: 'Add a first line that names the columns, such as path,label,split.',
    });
  }
  return { path, label: 1 - path };
}

function columnError(what: string, header: readonly string[]): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `${what}.`,
    hint: `Its columns are ${header.join(', ')}; choose with the reader options path-column, label-column and split-column.`,
  });
}
