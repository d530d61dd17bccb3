import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { archiveForm, type ArchiveForm, type Artifacts } from '@headstart/artifacts';
import { HeadstartError } from '@headstart/artifacts/errors';
import { isLeftover } from '../folders/side-files.ts';
import { splitNamed } from '../folders/split-names.ts';
import { listFolder } from '../folders/walk.ts';

/** An archive that is given as the target, unpacked. */
export interface ArchiveTarget {
  /** The folder, or the only file, that it holds. */
  readonly path: string;
  /** Its name without the ending: the data's. */
  readonly id: string;
  /** Runs what reads the data; errors name the archive instead of where it is unpacked. */
  readonly reading: <T>(read: () => Promise<T>) => Promise<T>;
}

/** Data may be larger than packages are. */
const MAX_UNPACKED_BYTES = 64 * 2 ** 30;
const UNPACK_BY_HAND =
  'Unpack it with another program (with its password, where it has one), see that what comes out is what it should be, and give the folder.';
const ENDING = /\.(?:zip|tar|tgz|tar\.gz)$/i;

/** Which archive a path is; undefined for a folder and for any other file. */
export async function archiveAt(path: string): Promise<ArchiveForm | undefined> {
  return (await stat(path)).isFile() ? archiveForm(path) : undefined;
}

/**
 * Unpacks a zip, tar or tar.gz into the cache, where it is not there yet. A folder that holds everything else in the archive
 * is gone into, as a person would who unpacks it by hand.
 * @throws HeadstartError `target-unreadable` for an archive of a kind that is not unpacked; `archive-*`, `artifact-too-large`,
 * `storage-*`
 */
export async function openArchiveTarget(path: string, form: ArchiveForm, artifacts: Artifacts): Promise<ArchiveTarget> {
  if (!form.unpacked) throw notUnpacked(path, form.name);
  const uri = `file:${path}`;
  const unpacked = await renaming(uri, path, async () => {
    try {
      return await artifacts.package({ uri, maxUnpackedBytes: MAX_UNPACKED_BYTES });
    } catch (error) {
      throw HeadstartError.is(error) && error.code === 'artifact-not-found' ? holdsNothing(path, error) : error;
    }
  });
  const inner = await onlyEntry(unpacked.path);
  return {
    path: inner,
    id: basename(path).replace(ENDING, ''),
    reading: (read) => renaming(unpacked.path, path, read),
  };
}

/** The only file or folder in a folder, however deep; the folder itself where there are several, or a split. */
async function onlyEntry(folder: string): Promise<string> {
  const [only, ...more] = await listFolder(folder, isLeftover);
  if (!only || more.length > 0 || (only.folder && splitNamed(only.name) !== undefined)) return folder;
  return only.folder ? onlyEntry(only.path) : only.path;
}

/** Has errors name one place instead of another. */
async function renaming<T>(from: string, to: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!HeadstartError.is(error)) throw error;
    const { code, message, install } = error;
    const hint = code === 'archive-unsafe' ? UNPACK_BY_HAND : error.hint;
    const rename = (text: string) => text.replaceAll(from, to);
    throw new HeadstartError({ code, message: rename(message), hint: rename(hint), install, cause: error });
  }
}

function holdsNothing(path: string, cause: HeadstartError): HeadstartError {
  return new HeadstartError({
    code: 'target-empty',
    message: `There is no file in ${path}.`,
    hint: 'Pack the data anew, with the folder that holds them.',
    cause,
  });
}

function notUnpacked(path: string, name: string): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} is packed as ${name}, which is not unpacked here.`,
    hint: 'Unpack it and give what comes out, or pack the data as zip or tar.gz.',
  });
}
