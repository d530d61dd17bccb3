import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ensureFolder, removeAbandoned, temporaryBeside } from '@headstart/artifacts/storage';
import { HeadstartError, storageError } from '@headstart/artifacts/errors';

type NewFile = readonly [name: string, content: Uint8Array | string];

/**
 * Writes a folder that appears complete or not at all.
 *
 * @param directory must not exist or be empty
 * @param files name (with `/` where it lies deeper) and content of each, made one after another as they are written
 * @returns the files' paths, in the order given
 * @throws HeadstartError `invalid-option` where the folder has content, `storage-*`
 */
export async function writeNewFolder(
  directory: string,
  files: Iterable<NewFile> | AsyncIterable<NewFile>,
): Promise<string[]> {
  const target = resolve(directory);
  await requireEmpty(target);
  // With the permissions that the user's mask gives: the folder is there to be served.
  const temporary = temporaryBeside(target);
  try {
    await ensureFolder(dirname(target));
    await removeAbandoned(target);
    await mkdir(temporary);
    const names: string[] = [];
    for await (const [name, content] of files) {
      await ensureFolder(dirname(join(temporary, name)));
      await writeFile(join(temporary, name), content, { flush: true });
      names.push(name);
    }
    await rmdir(target).catch(() => {});
    await rename(temporary, target);
    return names.map((name) => join(target, name));
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw storageError('write the model to', target, error);
  }
}

async function requireEmpty(directory: string): Promise<void> {
  let entries: string[];
  try {
    entries = await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw storageError('write to', directory, error);
  }
  if (entries.length === 0) return;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The folder ${directory} is not empty, and nothing that is there is overwritten.`,
    hint: 'Name another folder, or remove this one first.',
  });
}
