import {
  byCodeUnit,
  cellText,
  lookAtTable,
  openTable,
  SPLIT_WORDS,
  splitNamed,
  type TableRecord,
} from '@headstart/core/readers';
import { HeadstartError, type Reader } from '@headstart/core';
import { basename, dirname, extname, resolve } from 'node:path';
import type { ImageSample } from '../images/image-sample.ts';
import { imageColumns, type ImageColumns } from './image-columns.ts';
import { readSamples, type FoundImage } from './read-samples.ts';

/**
 * A table of paths and labels, and of splits if it has such a column, in any format that `openTable` reads. Paths are
 * relative to the file's folder. Columns are found by name (`path`, `file`, `image`, …; `label`, `class`, …; `split`)
 * or given: options `path-column`, `label-column`, `split-column`. `TABLE_OPTIONS` say how the table is taken apart.
 */
export const imageCsv: Reader<ImageSample> = {
  id: 'image-csv',
  modality: 'image',
  description: 'A table (CSV, TSV, JSON, Parquet, Excel) of image paths and labels, with a split column if you like',
  task: 'image-classification',

  async detect(path) {
    try {
      return (await lookAtTable(path)).about === 'pictures' ? 0.9 : 0;
    } catch {
      return 0; // reading gives the reason
    }
  },

  async read(path, options) {
    const table = await openTable(path, options.options);
    const rows: ListedCells[] = [];
    for await (const record of table.records()) rows.push(listedCells(path, record));
    if (rows.length === 0) throw emptyTarget(path);
    const listed = listRows(rows, imageColumns(table, rows[0]!.cells, path, options.options), path);
    const labels = [...new Set(listed.map(({ className }) => className))].sort(byCodeUnit);
    const found = listed.map(({ className, ...image }): FoundImage => ({ ...image, label: labels.indexOf(className) }));
    const { samples, skipped } = await readSamples(found, options);
    return { id: basename(path, extname(path)), modality: 'image', reader: 'image-csv', labels, samples, skipped };
  },
};

type ListedRow = Omit<FoundImage, 'label'> & { className: string };

interface ListedCells {
  readonly line: number;
  readonly cells: readonly string[];
}

/** @throws HeadstartError `target-unreadable` for a row that cannot be read */
function listedCells(path: string, { line, values, fault }: TableRecord): ListedCells {
  if (fault === undefined) return { line, cells: values.map(cellText) };
  throw new HeadstartError({
    code: 'target-unreadable',
    message: `${path}, line ${line}: ${fault}.`,
    hint: 'Every line needs the same number of cells; cells with commas or line breaks belong in double quotes.',
  });
}

function listRows(rows: readonly ListedCells[], columns: ImageColumns, path: string): ListedRow[] {
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
