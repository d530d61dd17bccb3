import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { archiveForm } from '@headstart/artifacts';
import { HeadstartError } from '@headstart/artifacts/errors';
import { isLeftover } from '../folders/side-files.ts';
import { filesBelow } from '../folders/walk.ts';

/** Endings of archives and of their parts. */
const CALLED_ARCHIVE = /\.(?:zip|tar|tgz|tar\.\w+|7z|rar|z\d\d|part\d+\.rar|zip\.\d{3}|7z\.\d{3})$/i;
const SHOWN = 3;

/** Why no reader understands a path that is called an archive and is none, or a folder that holds archives; undefined for others. */
export async function archiveInPlaceOfData(path: string): Promise<HeadstartError | undefined> {
  if ((await stat(path)).isFile()) {
    if (await archiveForm(path)) return packedWithin(dirname(path), [basename(path)]);
    return CALLED_ARCHIVE.test(path) ? noArchive(path) : undefined;
  }
  const found: string[] = [];
  for await (const { name } of filesBelow(path, isLeftover)) if (CALLED_ARCHIVE.test(name)) found.push(name);
  return found.length > 0 ? packedWithin(path, found) : undefined;
}

function noArchive(path: string): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} is called an archive, and its content is that of none: it may be one part of several, or a page that was saved in the archive's place.`,
    hint: 'Fetch it again; unpack archives of several parts with the program that made them, and give the folder that comes out.',
  });
}

function packedWithin(path: string, found: readonly string[]): HeadstartError {
  const names = `${found.slice(0, SHOWN).join(', ')}${found.length > SHOWN ? ', …' : ''}`;
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} has ${found.length === 1 ? 'an archive' : `${found.length} archives`} in it (${names}), and nothing that a reader understands.`,
    hint: 'Unpack what lies inside, and give the folder that comes out; or give one archive that has the data in it as files.',
  });
}
