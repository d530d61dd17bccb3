import type { SplitName } from '@headstart/core';
import { isLeftover, listFolder, splitNamed, type Entry } from '@headstart/core/readers';

/** A table of a folder. */
export interface FolderTable {
  readonly path: string;
  readonly name: string;
  /** The split that its name or its folder's tells. */
  readonly split?: SplitName;
}

export interface FolderTables {
  readonly tables: readonly FolderTable[];
  /** Whether they are called as tables of the pictures beside them are: Hugging Face's ImageFolder, Roboflow. */
  readonly byName: boolean;
}

/** Tables that say of the pictures beside them what they are. */
const OF_PICTURES = /^(?:metadata|_classes)\.(?:csv|jsonl|parquet)$/i;
const TABLE = /\.(?:csv|tsv|txt|jsonl|ndjson|parquet|xlsx)(?:\.gz)?$/i;
/** What is handed in, not learned from. */
const SUBMISSION = /submission/i;
/** Parts of a split in Hugging Face's Parquet: train-00000-of-00004-0123456789abcdef.parquet. */
const SHARD = /-\d{5}-of-\d{5}(?:-[0-9a-f]+)?$/i;

/** More tables than this are no lists of pictures. */
const MOST = 200;

/**
 * The tables in a folder that may list its pictures: `metadata.csv` or `_classes.csv` in itself or in the folders of its
 * splits; else Parquet files in itself or in `data`; else whatever tables it has.
 * @throws HeadstartError `target-not-found`, `target-unreadable`
 */
export async function folderTables(folder: string): Promise<FolderTables | undefined> {
  const entries = await listFolder(folder, isLeftover);
  const named = ofPictures(entries);
  if (named.length > 0) return { tables: named, byName: true };
  const inSplits = await Promise.all(
    entries.filter(isSplit).map(async ({ name, path }) => {
      const split = splitNamed(name);
      return ofPictures(await listFolder(path, isLeftover)).map((table) => ({ ...table, split }));
    }),
  );
  if (inSplits.flat().length > 0) return { tables: inSplits.flat(), byName: true };
  const data = entries.find(({ name, folder: isFolder }) => isFolder && name.toLowerCase() === 'data');
  const parquet = [...entries, ...(data ? await listFolder(data.path, isLeftover) : [])].filter(
    ({ name, folder: isFolder }) => !isFolder && /\.parquet$/i.test(name),
  );
  const found = parquet.length > 0 ? parquet : entries.filter(isTable);
  return found.length > 0 && found.length <= MOST ? { tables: found.map(splitInName), byName: false } : undefined;
}

function ofPictures(entries: readonly Entry[]): FolderTable[] {
  return entries
    .filter(({ name, folder }) => !folder && OF_PICTURES.test(name))
    .map(({ name, path }) => ({ name, path }));
}

const isSplit = ({ name, folder }: Entry) => folder && splitNamed(name) !== undefined;
const isTable = ({ name, folder }: Entry) => !folder && TABLE.test(name) && !SUBMISSION.test(name);

/** The split is in a table's name: train.csv, train_labels.csv, train-00000-of-00002.parquet. */
function splitInName({ name, path }: Entry): FolderTable {
  const stem = name.replace(TABLE, '').replace(SHARD, '');
  return {
    name,
    path,
    split: splitNamed(stem) ?? splitNamed(stem.replace(/[-_. ]?(?:labels?|annotations?|list)$/i, '')),
  };
}
