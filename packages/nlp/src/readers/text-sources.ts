import { HeadstartError, type ReadOptions } from '@headstart/core';
import { WEIGHT_COLUMN, type DataWarning } from '@headstart/core/readers';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { openTextTable } from './open-text-table.ts';
import { emptyTarget } from './table-errors.ts';
import { splitTables, wantedTables, type SplitTable } from './split-tables.ts';
import { textColumns } from './text-columns.ts';
import type { TextSource } from './text-rows.ts';

export interface TextSources {
  readonly sources: readonly TextSource[];
  readonly warnings: readonly DataWarning[];
}

type Options = ReadOptions['options'];

/**
 * The tables at a path with their columns: the file there, or those in the folder. The columns of the first table are
 * looked for in the others; tables to validate or test on that lack them (as Kaggle's lack labels) are left aside with a
 * warning. Where nothing but tables to train on is left, splits are still to be drawn.
 * @throws HeadstartError `target-*`, `invalid-option`
 */
export async function textSources(
  path: string,
  { options, withoutLabels, sealed }: Pick<ReadOptions, 'options' | 'withoutLabels' | 'sealed'>,
  scored: boolean,
): Promise<TextSources> {
  const sources: TextSource[] = [];
  const lacking: string[] = [];
  for (const { path: file, name, split } of await tablesAt(path, options)) {
    const asked = sources[0] ? { ...options, ...columnsOf(sources[0]) } : options;
    const table = await openTextTable(file, asked);
    if (table.columns.length === 0) throw emptyTarget(file);
    try {
      const columns = await textColumns({ table, file, options: asked, scored, withoutLabels, sealed });
      sources.push({ table, columns, path: file, name, split });
    } catch (cause) {
      const lacksColumns = HeadstartError.is(cause) && cause.code === 'invalid-option';
      if (!lacksColumns || sources.length === 0 || split === 'train') throw cause;
      lacking.push(name);
    }
  }
  const onlyTraining = sources.every(({ split }) => split === 'train');
  return {
    sources: onlyTraining ? sources.map((source) => ({ ...source, split: undefined })) : sources,
    warnings: lacking.length > 0 ? [leftAside(lacking, sources)] : [],
  };
}

async function tablesAt(path: string, options: Options): Promise<SplitTable[]> {
  if (!(await isFolder(path))) return [{ path, name: basename(path) }];
  const tables = wantedTables(path, await splitTables(path), options['tables']);
  if (tables.length > 0) return tables;
  throw new HeadstartError({
    code: 'target-empty',
    message: `${path} has no table that is named for a split to train on.`,
    hint: 'Name tables for their splits, such as train.csv and test.csv, or give the path of one table.',
  });
}

/** Whether a path is a folder; not where there is nothing. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** The options that ask for the same columns in another table. */
function columnsOf({ table: { columns: header }, columns }: TextSource): Options {
  const named = (index: number | undefined) => (index === undefined ? 'none' : header[index]!);
  return {
    'text-column': named(columns.text),
    'pair-column': named(columns.pair),
    'score-column': named(columns.score),
    [WEIGHT_COLUMN]: named(columns.weight),
    'label-column': columns.label?.indices.map((index) => header[index]).join(',') ?? 'none',
  };
}

function leftAside(names: readonly string[], sources: readonly TextSource[]): DataWarning {
  const first = sources[0]!;
  const needed = Object.entries(columnsOf(first)).flatMap(([, name]) => (name === 'none' ? [] : [name]));
  return {
    code: 'tables-left-out',
    message: `${names.join(', ')} ${names.length === 1 ? 'has' : 'have'} not the columns ${needed.join(', ')} of ${first.name}: nothing of ${names.length === 1 ? 'it' : 'them'} is read.`,
    hint: `Name the columns alike, or list the tables that are meant: --reader-option tables=${sources.map(({ name }) => name).join(',')}.`,
    samples: names.slice(0, 10),
  };
}
