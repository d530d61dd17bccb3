import { isLeftover, listFolder, splitNamed, type Entry } from '@headstart/core/readers';
import { HeadstartError, type SplitName } from '@headstart/core';
import { extname } from 'node:path';
import { isSideText } from './text-files.ts';

/** A table that holds one split of a data set, or all of it. */
export interface SplitTable {
  readonly path: string;
  /** Its path within the folder, with forward slashes. */
  readonly name: string;
  readonly split?: SplitName;
}

const TABLE_NAME = /\.(?:csv|tsv|txt|jsonl?|ndjson|parquet|xlsx)(?:\.gz)?$/i;

/** Where more folders lie in one, they are no data set of tables. */
const MOST_FOLDERS = 20;

/** The splits in the order in which their tables are read. */
const SPLITS: readonly SplitName[] = ['train', 'validation', 'test'];

/**
 * The tables in a folder that its splits lie in (`train.csv`, `imdb_test.csv`, `data/train-00000-of-00002.parquet`), those
 * to train on first, or its only table, notes such as a readme left aside; in the folder itself, or in the one folder inside that has some. None where
 * no table is to be trained on.
 */
export async function splitTables(folder: string): Promise<SplitTable[]> {
  const entries = await listFolder(folder, isLeftover);
  const own = tablesAmong(entries, '');
  if (own.length > 0) return own;
  const folders = entries.filter((entry) => entry.folder);
  if (folders.length > MOST_FOLDERS) return [];
  const found: SplitTable[][] = [];
  for (const { path, name } of folders) {
    const tables = tablesAmong(await listFolder(path, isLeftover), `${name}/`);
    if (tables.length > 0) found.push(tables);
  }
  return found.length === 1 ? found[0]! : [];
}

/**
 * Those of a folder's tables that are to be read: the ones that are listed, else all.
 * @throws HeadstartError `invalid-option` for a table that is not there; `target-unreadable` where a split's tables are of
 *   several formats, which are likely the same rows twice
 */
export function wantedTables(folder: string, tables: readonly SplitTable[], listed: string | undefined): SplitTable[] {
  const names = listed?.split(',').map((name) => name.trim());
  const missing = names?.find((name) => !tables.some((table) => table.name === name));
  if (missing !== undefined) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `${folder} has no table "${missing}".`,
      hint: `Its tables are ${namesOf(tables)}; list those to read, with commas between them.`,
    });
  }
  const wanted = tables.filter(({ name }) => names?.includes(name) ?? true);
  for (const split of SPLITS) {
    const alike = wanted.filter((table) => table.split === split);
    if (new Set(alike.map(({ name }) => formatOf(name))).size < 2) continue;
    throw new HeadstartError({
      code: 'target-unreadable',
      message: `${folder} has tables in several formats for one split: ${namesOf(alike)}.`,
      hint: `List the tables to read: --reader-option tables=${wanted
        .filter(({ name }) => formatOf(name) === formatOf(alike[0]!.name))
        .map(({ name }) => name)
        .join(',')}.`,
    });
  }
  return wanted;
}

function tablesAmong(entries: readonly Entry[], folder: string): SplitTable[] {
  const data = entries.filter(({ name, folder: isFolder }) => isFolder || !isSideText(name));
  const tables = data.filter(({ name, folder: isFolder }) => !isFolder && TABLE_NAME.test(name));
  const named = tables.flatMap(({ name, path }) => {
    const split = splitOf(name);
    return split ? [{ path, name: `${folder}${name}`, split }] : [];
  });
  if (named.some(({ split }) => split === 'train'))
    return SPLITS.flatMap((split) => named.filter((table) => table.split === split));
  const only = data.length === 1 ? tables[0] : undefined;
  return only ? [{ path: only.path, name: `${folder}${only.name}` }] : [];
}

/** The split that a file is named for, whole (`train.csv`) or with one of its words (`imdb_train.csv`). */
function splitOf(name: string): SplitName | undefined {
  const whole = splitNamed(name);
  if (whole) return whole;
  const words = name
    .replace(TABLE_NAME, '')
    .replace(/-\d+-of-\d+$/, '')
    .split(/[-_. ]/);
  const splits = new Set(words.flatMap((word) => splitNamed(word) ?? []));
  return splits.size === 1 ? [...splits][0] : undefined;
}

function formatOf(name: string): string {
  return extname(name.replace(/\.gz$/i, '')).toLowerCase();
}

function namesOf(tables: readonly SplitTable[]): string {
  return tables.map(({ name }) => name).join(', ');
}
