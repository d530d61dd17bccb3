import {
  byCodeUnit,
  glanceAtCsv,
  openCsvTable,
  SPLIT_WORDS,
  splitNamed,
  type DataRow,
  type TableRow,
} from '@headstart/core/readers';
import { HeadstartError, type Reader } from '@headstart/core';
import { namesImage } from '@headstart/core/images';
import { basename, dirname, extname, resolve } from 'node:path';
import type { ImageSample } from '../images/image-sample.ts';
import { imageColumns, type ImageColumns } from './image-columns.ts';
import { readSamples, type FoundImage } from './read-samples.ts';

/** Rows that are looked at to tell whether a table lists pictures. */
const LOOK = 20;

/**
 * A CSV or TSV file of paths and labels, and of splits if it has such a column. Paths are relative to
 * the file's folder. Columns are found by name (`path`, `file`, `image`, …; `label`, `class`, …; `split`)
 * or given: options `path-column`, `label-column`, `split-column`; `delimiter` and `header` are as `openCsvTable` has
 * them. A first line that names a picture is not a header.
 */
export const imageCsv: Reader<ImageSample> = {
  id: 'image-csv',
  modality: 'image',
  description: 'A CSV or TSV file of image paths and labels, with a split column if you like',
  task: 'image-classification',

  async detect(path) {
    if (!['.csv', '.tsv'].includes(extname(path).toLowerCase())) return 0;
    try {
      return (await glanceAtCsv(path, LOOK)).some(namesPicture) ? 0.9 : 0;
    } catch {
      return 0; // reading gives the reason
    }
  },

  async read(path, options) {
    const table = await openCsvTable(path, {
      options: options.options,
      namesColumns: ([first]) => !namesPicture(first!),
    });
    const rows: TableRow[] = [];
    for await (const row of table.rows()) rows.push(wholeRow(path, row));
    if (rows.length === 0) throw emptyTarget(path);
    const listed = listRows(rows, imageColumns({ ...table, first: rows[0]!.cells }, path, options.options), path);
    const labels = [...new Set(listed.map(({ className }) => className))].sort(byCodeUnit);
    const found = listed.map(({ className, ...image }): FoundImage => ({ ...image, label: labels.indexOf(className) }));
    const { samples, skipped } = await readSamples(found, options);
    return { id: basename(path, extname(path)), modality: 'image', reader: 'image-csv', labels, samples, skipped };
  },
};

type ListedRow = Omit<FoundImage, 'label'> & { className: string };

const namesPicture = ({ cells }: TableRow) => cells.some(namesImage);

/** @throws HeadstartError `target-unreadable` for a row that does not have one cell per column */
function wholeRow(path: string, row: DataRow): TableRow {
  if (row.fault === undefined) return row;
  throw new HeadstartError({
    code: 'target-unreadable',
    message: `${path}, line ${row.line}: ${row.fault}.`,
    hint: 'Every line needs the same number of cells; cells with commas or line breaks belong in double quotes.',
  });
}

function listRows(rows: readonly TableRow[], columns: ImageColumns, path: string): ListedRow[] {
  const folder = dirname(resolve(path));
  const classes = new Map<string, { className: string; line: number }>();
  return rows.map(({ cells, line }) => {
    const id = cells[columns.path]!.trim();
    const className = cells[columns.label]!.trim();
    if (!id || !className) throw rowError(path, line, id ? 'the label is empty' : 'the path is empty');
    const other = classes.get(id);
    if (other && other.className !== className) {
      throw rowError(
        path,
        line,
        `${id} is labelled "${className}" here and "${other.className}" in line ${other.line}`,
      );
    }
    classes.set(id, { className, line });
    const cell = columns.split === undefined ? '' : cells[columns.split]!.trim();
    const split = splitNamed(cell);
    if (cell && !split) throw rowError(path, line, `the split "${cell}" is not one of ${SPLIT_WORDS}`);
    return { id, path: resolve(folder, id), className, split };
  });
}

function rowError(path: string, line: number, what: string): HeadstartError {
  return new HeadstartError({
    code: 'label-invalid',
    message: `${path}, line ${line}: ${what}.`,
    hint: 'Correct the line, or name the columns with the options path-column, label-column and split-column.',
  });
}

function emptyTarget(path: string): HeadstartError {
  return new HeadstartError({
    code: 'target-empty',
    message: `${path} lists no picture.`,
    hint: 'Give one line per picture: its path and its label.',
  });
}
