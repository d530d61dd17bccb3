import { HeadstartError, type Reader } from '@headstart/core';
import { lookAtTable, openTable, TABLE_OPTION_NAMES } from '@headstart/core/readers';
import { unknownName } from '@headstart/artifacts/errors';
import { basename, extname } from 'node:path';
import type { TextSample } from '../texts/text-sample.ts';
import { TEXT_COLUMNS } from './column-names.ts';
import { readTexts } from './read-texts.ts';
import { textColumns } from './text-columns.ts';

/** Files that are meant as tables, whatever their first rows look like. */
const ENDINGS = new Set(['.csv', '.tsv', '.jsonl', '.ndjson', '.parquet']);

const OPTIONS = [...TEXT_COLUMNS.map((column) => `${column}-column`), 'label-separator', ...TABLE_OPTION_NAMES];

/**
 * A table of texts with their labels, in any format that `openTable` reads. Columns are found
 * by name or by what they hold, or given with the options `text-column`, `label-column`, `pair-column`,
 * `score-column` and `split-column`. `label-separator` takes a cell for several labels; a list is that
 * anyway. `TABLE_OPTIONS` say how the table is taken apart.
 */
export const textTable: Reader<TextSample> = {
  id: 'text-table',
  modality: 'text',
  description: 'A CSV, TSV, JSONL or Parquet file of texts and labels, with a split column if you like',
  task: 'text-classification',
  detect: async (path) => ((await mayBeTexts(path)) ? 0.5 : 0),
  read: (path, options) => readTable('text-table', path, options),
};

/** A table of pairs of texts with a score each, such as how alike they are; columns as in `text-table`. */
export const textPairs: Reader<TextSample> = {
  id: 'text-pairs',
  modality: 'text',
  description: 'A CSV, TSV, JSONL or Parquet file of pairs of texts with a score',
  task: 'text-similarity',

  async detect(path) {
    if (!(await mayBeTexts(path))) return 0;
    try {
      const { pair, score } = await textColumns(await openTable(path), path, {});
      return pair !== undefined && score !== undefined ? 0.7 : 0;
    } catch {
      return 0; // reading gives the reason
    }
  },

  async read(path, options) {
    return readTable('text-pairs', path, options, ['pair', 'score']);
  },
};

async function readTable(
  reader: string,
  path: string,
  options: Parameters<Reader['read']>[1],
  needed: readonly ('pair' | 'score')[] = [],
) {
  const unknown = Object.keys(options.options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw unknownName(`option of the reader ${reader}`, unknown, OPTIONS);
  const table = await openTable(path, options.options);
  if (table.columns.length === 0) throw emptyTarget(path);
  const columns = await textColumns(table, path, options.options);
  const missing = needed.find((column) => columns[column] === undefined);
  if (missing !== undefined) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `${path} has no column of ${missing === 'pair' ? 'second texts' : 'scores'}.`,
      hint: `Its columns are ${table.columns.join(', ')}; choose with the reader option ${missing}-column.`,
    });
  }
  const { labels, samples, skipped } = await readTexts(table, columns, path, options);
  if (samples.length === 0 && skipped.length === 0) throw emptyTarget(path);
  return { id: basename(path, extname(path)), modality: 'text' as const, reader, labels, samples, skipped };
}

/** By its name, or by what it holds, unless that is pictures or boxes. */
async function mayBeTexts(path: string): Promise<boolean> {
  const meant = ENDINGS.has(extname(path).toLowerCase());
  try {
    const { about, columns } = await lookAtTable(path);
    return about === 'texts' ? meant || columns.length > 1 : about === 'unknown' && meant;
  } catch {
    return meant; // reading gives the reason
  }
}

function emptyTarget(path: string): HeadstartError {
  return new HeadstartError({
    code: 'target-empty',
    message: `${path} holds no text.`,
    hint: 'Give one row per text: the text and its label.',
  });
}
