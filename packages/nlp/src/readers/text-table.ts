import { HeadstartError, type Reader } from '@headstart/core';
import { unknownName } from '@headstart/artifacts/errors';
import { basename, extname } from 'node:path';
import type { TextSample } from '../texts/text-sample.ts';
import { TEXT_COLUMNS } from './column-names.ts';
import { openCsv } from './csv-texts.ts';
import { openJsonl } from './jsonl-texts.ts';
import { openParquet } from './parquet-texts.ts';
import { readTexts } from './read-texts.ts';
import { textColumns } from './text-columns.ts';
import type { TextTable } from './text-record.ts';

type Options = Readonly<Record<string, string>>;

const FORMATS: Readonly<Record<string, (path: string, options: Options) => Promise<TextTable>>> = {
  '.csv': openCsv,
  '.tsv': openCsv,
  '.jsonl': openJsonl,
  '.ndjson': openJsonl,
  '.parquet': openParquet,
};

const OPTIONS = [...TEXT_COLUMNS.map((column) => `${column}-column`), 'delimiter', 'header', 'label-separator'];

/**
 * A table of texts with their labels: CSV, TSV, JSONL or Parquet, by the file's ending. Columns are found
 * by name or by what they hold, or given with the options `text-column`, `label-column`, `pair-column`,
 * `score-column` and `split-column`. `label-separator` takes a cell for several labels; a list is that
 * anyway. `delimiter` and `header` (yes, no) are for CSV.
 */
export const textTable: Reader<TextSample> = {
  id: 'text-table',
  modality: 'text',
  description: 'A CSV, TSV, JSONL or Parquet file of texts and labels, with a split column if you like',
  task: 'text-classification',
  // A table of pictures is one too by its name; the reader of those has looked inside and is surer.
  detect: (path) => Promise.resolve(formatOf(path) ? 0.5 : 0),
  read: (path, options) => readTable('text-table', path, options),
};

/** A table of pairs of texts with a score each, such as how alike they are; columns as in `text-table`. */
export const textPairs: Reader<TextSample> = {
  id: 'text-pairs',
  modality: 'text',
  description: 'A CSV, TSV, JSONL or Parquet file of pairs of texts with a score',
  task: 'text-similarity',

  async detect(path) {
    try {
      const table = await formatOf(path)?.(path, {});
      const { pair, score } = table ? await textColumns(table, path, {}) : {};
      return pair !== undefined && score !== undefined ? 0.7 : 0;
    } catch {
      return 0;
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
  const format = formatOf(path);
  if (!format) {
    throw new HeadstartError({
      code: 'target-unreadable',
      message: `The name of ${path} is not that of a table of texts.`,
      hint: `Give a file whose name ends in ${Object.keys(FORMATS).join(', ')}.`,
    });
  }
  const table = await format(path, options.options);
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

function formatOf(path: string) {
  const extension = extname(path).toLowerCase();
  return Object.hasOwn(FORMATS, extension) ? FORMATS[extension] : undefined;
}

function emptyTarget(path: string): HeadstartError {
  return new HeadstartError({
    code: 'target-empty',
    message: `${path} holds no text.`,
    hint: 'Give one row per text: the text and its label.',
  });
}
