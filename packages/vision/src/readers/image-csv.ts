import { byCodePoint, splitNamed } from '@headstart/core/readers';
import { HeadstartError, type Reader } from '@headstart/core';
import { namesImage } from '@headstart/core/images';
import { open, readFile } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import type { ImageSample } from '../images/image-sample.ts';
import { columnsOf, parseTable, type Table } from './csv-table.ts';
import { readSamples, type FoundImage } from './read-samples.ts';

/** How much of a table is looked at to tell whether it lists pictures, in bytes. */
const LOOK = 64 * 1024;

/**
 * A CSV or TSV file of paths and labels, and of splits if it has such a column. Paths are relative to
 * the file's folder. Columns are found by name (`path`, `file`, `image`, …; `label`, `class`, …; `split`)
 * or given: options `path-column`, `label-column`, `split-column`, `delimiter`.
 */
export const imageCsv: Reader<ImageSample> = {
  id: 'image-csv',
  modality: 'image',
  description: 'A CSV or TSV file of image paths and labels, with a split column if you like',
  task: 'image-classification',

  async detect(path) {
    if (!['.csv', '.tsv'].includes(extname(path).toLowerCase())) return 0;
    try {
      const { head, whole } = await lookAt(path);
      const { rows } = parseTable(whole ? head : head.slice(0, head.lastIndexOf('\n') + 1), path, {});
      return rows.slice(0, 20).some(({ cells }) => cells.some(namesImage)) ? 0.9 : 0;
    } catch {
      return 0;
    }
  },

  async read(path, options) {
    const table = parseTable(await readTable(path), path, options.options);
    if (table.rows.length === 0) throw emptyTarget(path);
    const listed = listRows(table, path, options.options);
    const labels = [...new Set(listed.map(({ className }) => className))].sort(byCodePoint);
    const found = listed.map(({ className, ...image }): FoundImage => ({ ...image, label: labels.indexOf(className) }));
    const { samples, skipped } = await readSamples(found, options);
    return { id: basename(path, extname(path)), modality: 'image', reader: 'image-csv', labels, samples, skipped };
  },
};

type ListedRow = Omit<FoundImage, 'label'> & { className: string };

function listRows(table: Table, path: string, options: Readonly<Record<string, string>>): ListedRow[] {
  const columns = columnsOf(table, path, options);
  const folder = dirname(resolve(path));
  const classes = new Map<string, { className: string; line: number }>();
  return table.rows.map(({ cells, line }) => {
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
    if (cell && !split) throw rowError(path, line, `the split "${cell}" is none of train, validation (or val), test`);
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
    hint: 'Give one line a picture: its path and its label.',
  });
}

async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    throw new HeadstartError({
      code: code === 'ENOENT' ? 'target-not-found' : 'target-unreadable',
      message: code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${code}).`,
      hint: 'Check the path and that this user may read the file.',
      cause,
    });
  }
}

async function lookAt(path: string): Promise<{ head: string; whole: boolean }> {
  await using file = await open(path, 'r');
  const buffer = Buffer.alloc(LOOK);
  const { bytesRead } = await file.read(buffer, 0, LOOK, 0);
  return { head: buffer.toString('utf8', 0, bytesRead), whole: bytesRead < LOOK };
}
