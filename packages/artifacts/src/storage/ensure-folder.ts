import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it, where they are not there. Node's own recursive `mkdir` never ends where the system
 * says of a folder that is there that there is none to make another in, as it does below `/proc`.
 */
export async function ensureFolder(path: string): Promise<void> {
  const error = await made(path);
  if (error === undefined) return;
  if (error.code !== 'ENOENT' || dirname(path) === path) throw error;
  await ensureFolder(dirname(path));
  const again = await made(path);
  if (again !== undefined) throw again;
}

/** Undefined where the folder is there now. */
async function made(path: string): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await mkdir(path);
    return undefined;
  } catch (error) {
    const found = await stat(path).catch(() => undefined);
    return found?.isDirectory() ? undefined : (error as NodeJS.ErrnoException);
  }
}
