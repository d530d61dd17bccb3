import { HeadstartError, type Reader, type ReadOptions, type TargetData } from '@headstart/core';
import { unknownName } from '@headstart/artifacts/errors';
import {
  checkFreeLabels,
  labelsNeverSet,
  SPLIT_OPTIONS,
  TABLE_OPTION_NAMES,
  type DataWarning,
  type ReadingNotes,
  tableFindings,
  WEIGHT_COLUMN,
  GROUP_COLUMN,
} from '@headstart/core/readers';
import { basename, extname, resolve } from 'node:path';
import type { TextSample } from '../texts/text-sample.ts';
import { lookAtTexts } from './look-at-texts.ts';
import { readTexts } from './read-texts.ts';
import { READING_OPTIONS } from './reading-options.ts';
import { tableRemarks, textTableNotes } from './table-notes.ts';
import { emptyTarget, oneClassLeft } from './table-errors.ts';
import type { ReadTexts, TextSource } from './text-rows.ts';
import { textSources } from './text-sources.ts';

const OPTIONS = [
  ...['text-column', 'label-column', 'pair-column', 'score-column', WEIGHT_COLUMN, GROUP_COLUMN],
  ...SPLIT_OPTIONS,
  ...READING_OPTIONS,
  ...TABLE_OPTION_NAMES,
  'tables',
];

/**
 * A table of texts with their labels, or a folder with a table per split. Columns are found by name or by what they
 * hold, or given with the options `text-column`, `label-column` (several columns of ones and zeros with commas between
 * them), `pair-column`, `score-column`, `weight-column` (what rows count in the loss), `group-column` (what rows are parts of) and `split-column`. A list in a cell is several labels; `label-separator` takes
 * other cells apart, `labels-per-text` (one, several) says how lists of one are meant, `missing-texts=leave-out` leaves out
 * texts such as NaN, `tables` lists a folder's tables to read.
 */
export const textTable: Reader<TextSample> = {
  id: 'text-table',
  modality: 'text',
  description:
    'A CSV, TSV, JSON, JSON lines, Parquet or Excel file of texts and labels, or a folder with one per split',
  task: 'text-classification',
  detect: async (path) => (await lookAtTexts(path)).texts,
  recognise: async (path) => (await lookAtTexts(path)).unread,
  read: (path, options) => readTable('text-table', path, options),
};

/** A table of pairs of texts with a score each, such as how alike they are; columns as in `text-table`. */
export const textPairs: Reader<TextSample> = {
  id: 'text-pairs',
  modality: 'text',
  description: 'A table of pairs of texts with a score for each',
  task: 'text-similarity',
  detect: async (path) => (await lookAtTexts(path)).pairs,
  read: (path, options) => readTable('text-pairs', path, options, ['pair', 'score']),
};

async function readTable(
  reader: string,
  path: string,
  options: ReadOptions,
  needed: readonly ('pair' | 'score')[] = [],
): Promise<TargetData<TextSample>> {
  const unknown = Object.keys(options.options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw unknownName(`option of the reader ${reader}`, unknown, OPTIONS);
  const { sources, warnings } = await textSources(path, options, needed.length > 0);
  const first = sources[0]!;
  const missing = needed.find((column) => first.columns[column] === undefined);
  if (missing !== undefined) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `${first.path} has no column of ${missing === 'pair' ? 'second texts' : 'scores'}.`,
      hint: `Its columns are ${first.table.columns.join(', ')}; choose with the reader option ${missing}-column.`,
    });
  }
  const { listsOfOne, passedOver, ...read } = await readTexts(sources, options);
  const { labels, samples, skipped, unlabelled } = read;
  if (samples.length + skipped.length + unlabelled.length === 0) throw emptyTarget(path, passedOver);
  if (labels.length === 1 && passedOver.length > 0) throw oneClassLeft(path, labels[0]!, passedOver);
  const free = freeLabels(first, read, options);
  const found = tableFindings(sources.map(({ table }) => table));
  const notes: ReadingNotes = {
    remarks: tableRemarks(sources, { listsOfOne }),
    table: textTableNotes(first),
    passedOver: [...found.passedOver, ...passedOver],
    warnings: [
      ...found.warnings,
      ...warnings,
      ...sources.flatMap(({ columns }) => columns.warnings),
      ...labelsNeverSet(first.columns.label, labels),
      ...free,
      ...read.warnings,
    ],
  };
  const name = basename(resolve(path));
  const id = basename(name, extname(name));
  return { id, modality: 'text', reader, labels, samples, skipped, unlabelled, notes };
}

/** Where texts alone are read, what stands beside them is of interest only if it may be part of them. */
function freeLabels(
  { path, table, columns: { label, labelChosen } }: TextSource,
  read: Pick<ReadTexts, 'labels' | 'samples'>,
  { withoutLabels }: ReadOptions,
): DataWarning[] {
  const column = label?.indices[0];
  if (column === undefined || (withoutLabels && table.header !== false)) return [];
  return checkFreeLabels(read, { path, table, column, chosen: labelChosen });
}
