import { HeadstartError } from '@headstart/core';
import { firstRecords, lookAtTable, type DataWarning, type PassedOver } from '@headstart/core/readers';
import { stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { folderTables, type FolderTable } from './folder-tables.ts';
import { imageFolder } from './image-folder.ts';
import { pictureColumns } from './picture-columns.ts';
import { pictureFinder } from './picture-finder.ts';
import type { PictureSource } from './row-pictures.ts';

type Options = Readonly<Record<string, string>>;

export interface PictureSources {
  readonly sources: readonly PictureSource[];
  readonly passedOver: readonly PassedOver[];
  readonly warnings: readonly DataWarning[];
}

/** Rows that are looked at. */
const LOOK = 200;
/** Rows whose labels are compared with the folders of their pictures. */
const COMPARED = 50;

/** How sure it is that a path is a table of pictures, or a folder with such tables. */
export async function detectPictureTables(path: string): Promise<number> {
  try {
    if (!(await stat(path)).isDirectory()) return (await lookAtTable(path)).about === 'pictures' ? 0.9 : 0;
    const found = await labelledTables(path, { options: {}, sealed: false });
    if (!found || found.sources.length === 0) return 0;
    if (found.byName || (await imageFolder.detect(path)) === 0) return 0.9;
    // Where folders say the same, they are what is read.
    return (await sayWhatFoldersSay(found.sources[0]!)) ? 0.5 : 0.9;
  } catch {
    return 0; // reading gives the reason
  }
}

/**
 * The tables of a target with their columns.
 * @throws HeadstartError `target-*`, `invalid-option` where columns are not clear, or which tables are meant
 */
export async function pictureSources(
  path: string,
  { options, sealed = false }: { readonly options: Options; readonly sealed?: boolean },
): Promise<PictureSources> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false, // opening the table gives the reason
  );
  if (!isFolder)
    return {
      sources: [await openSource({ path, name: basename(path) }, { options, sealed })],
      passedOver: [],
      warnings: [],
    };
  const found = await labelledTables(path, { options, sealed });
  if (!found || found.sources.length === 0) throw found?.refusal ?? noTable(path);
  const { sources, others } = found;
  if (sources.length > 1 && sources.some(({ split }) => split === undefined)) throw whichTable(path, sources);
  const alone = sources.length === 1 && !found.byName ? [{ ...sources[0]!, split: undefined }] : sources;
  const passedOver: PassedOver[] =
    others.length > 0
      ? [{ what: 'tables without pictures and their labels', count: others.length, examples: others.slice(0, 5) }]
      : [];
  return { sources: alone, passedOver, warnings: [] };
}

interface LabelledTables {
  readonly sources: readonly PictureSource[];
  /** The names of tables that list no pictures with labels. */
  readonly others: readonly string[];
  /** Why the first of them that lists pictures is among the others. */
  readonly refusal?: HeadstartError;
  readonly byName: boolean;
}

/** How tables are read. */
interface Wanted {
  readonly options: Options;
  readonly sealed: boolean;
}

async function labelledTables(folder: string, wanted: Wanted): Promise<LabelledTables | undefined> {
  const found = await folderTables(folder);
  if (!found) return undefined;
  const sources: PictureSource[] = [];
  const others: string[] = [];
  let refusal: HeadstartError | undefined;
  for (const table of found.tables) {
    const look = await lookAtTable(table.path, wanted.options).catch(() => undefined);
    const source =
      look?.about === 'pictures'
        ? await openSource(table, wanted, folder).catch((cause: unknown) => {
            if (!HeadstartError.is(cause)) throw cause;
            refusal ??= cause;
            return undefined;
          })
        : undefined;
    if (source) sources.push(source);
    else others.push(relative(folder, table.path).split(sep).join('/'));
  }
  return { sources, others, refusal, byName: found.byName };
}

/** @param target the folder that pictures are named from; where absent, they are called what the table calls them */
async function openSource(table: FolderTable, { options, sealed }: Wanted, target?: string): Promise<PictureSource> {
  const { path, split } = table;
  const look = await lookAtTable(path, options);
  const rows = await lookedRows(look.table);
  const columns = pictureColumns({ look, rows, file: path, options, sealed });
  const finder = pictureFinder(dirname(resolve(path)), options);
  return { table: look.table, columns, path, finder, split, nameOf: target === undefined ? written : within(target) };
}

async function lookedRows(table: PictureSource['table']): Promise<(readonly unknown[])[]> {
  return (await firstRecords(table, LOOK)).flatMap(({ values, fault }) => (fault === undefined ? [values] : []));
}

const written: PictureSource['nameOf'] = (_, name) => name;

function within(target: string): PictureSource['nameOf'] {
  return (path, name) => {
    const inside = relative(target, path);
    return inside.startsWith('..') ? name : inside.split(sep).join('/');
  };
}

async function sayWhatFoldersSay({ table, columns }: PictureSource): Promise<boolean> {
  const rows = (await lookedRows(table)).slice(0, COMPARED);
  const alike = rows.filter((row) => {
    const found = columns.label.labelsOf(row);
    const cell = row[columns.picture];
    return 'one' in found && typeof cell === 'string' && cell.split(/[\\/]/).slice(0, -1).includes(found.one);
  });
  return alike.length >= 0.8 * rows.length;
}

function whichTable(path: string, sources: readonly PictureSource[]): HeadstartError {
  const names = sources.map((source) => relative(path, source.path));
  const first = sources.find(({ split }) => split === 'train') ?? sources[0]!;
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} has several tables of pictures, and not all their names say of which split they are: ${names.join(', ')}.`,
    hint: `Give one of them as the target, such as ${first.path}, or call them train.csv, val.csv and test.csv.`,
  });
}

function noTable(path: string): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} has no table that lists pictures and their labels.`,
    hint: 'Give a table with a column of paths and one of labels, or a folder that has one in itself or in the folders of its splits.',
  });
}
