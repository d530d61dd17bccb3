import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { storageError } from '../errors/storage-error.ts';
import { ensureFolder } from './ensure-folder.ts';

/**
 * Makes a folder of files that are computed once and kept: `write` fills a folder beside it, which then takes its name.
 * The folder is there whole or not at all, also where several processes make the same; where it is there, nothing is done.
 * @throws HeadstartError `storage-*`; what `write` throws
 */
export async function makeFolder(folder: string, write: (work: string) => Promise<void>): Promise<void> {
  if (await exists(folder)) return;
  let work: string | undefined;
  try {
    await ensureFolder(dirname(folder));
    work = await mkdtemp(`${folder}.`);
    await write(work);
    await rename(work, folder).catch(async (cause: unknown) => {
      if (!(await exists(folder))) throw cause;
      await rm(work!, { recursive: true });
    });
  } catch (cause) {
    if (work) await rm(work, { recursive: true, force: true });
    throw storageError('write', folder, cause);
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
