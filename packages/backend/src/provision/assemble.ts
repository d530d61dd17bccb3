import { chmod, copyFile, link, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ensureFolder } from '@headstart/artifacts/storage';
import { storageError } from '@headstart/artifacts/errors';

export interface Assembly {
  /** Whether the target's folder, which another process may have made, can stay. */
  readonly isWhole: (folder: string) => boolean;
  /** What is still to be written into the folder before it appears. */
  readonly complete?: (folder: string) => Promise<void>;
}

/**
 * Lays the files of several unpacked packages out as one folder, which appears whole or not at
 * all. Files are linked where the file system allows, else copied; programs (`bin/`, such as the ptxas
 * that XLA starts for a GPU) may be started. Processes that do this at the
 * same time each make a folder; the first to finish wins and the others' are removed.
 *
 * @throws HeadstartError `storage-*`
 */
export async function assemble(
  target: string,
  packages: readonly string[],
  { isWhole, complete }: Assembly,
): Promise<void> {
  const parent = dirname(target);
  let staging: string | undefined;
  try {
    await ensureFolder(parent);
    staging = await mkdtemp(join(parent, '.assembling-'));
    for (const folder of packages) await linkTree(folder, staging);
    await complete?.(staging);
    await publish(staging, target, isWhole);
  } catch (cause) {
    throw storageError('lay out libtensorflow in', target, cause);
  } finally {
    if (staging) await rm(staging, { recursive: true, force: true });
  }
}

async function publish(staging: string, target: string, isWhole: Assembly['isWhole']): Promise<void> {
  try {
    await rename(staging, target);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw cause;
    if (isWhole(target)) return;
    // Somebody deleted part of it: it is set aside, and what is new takes its place.
    await rename(target, join(staging, 'damaged'));
    const whole = await mkdtemp(join(dirname(target), '.assembling-'));
    for (const name of await readdir(staging))
      if (name !== 'damaged') await rename(join(staging, name), join(whole, name));
    await rename(whole, target);
  }
}

async function linkTree(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const source = join(entry.parentPath ?? entry.path, entry.name);
    const destination = join(to, source.slice(from.length + 1));
    await ensureFolder(dirname(destination));
    await link(source, destination).catch((cause: NodeJS.ErrnoException) => {
      // Several of NVIDIA's packages carry the same empty nvidia/__init__.py.
      if (cause.code !== 'EEXIST') return copyFile(source, destination);
    });
    if (basename(dirname(destination)) === 'bin') await chmod(destination, 0o755);
  }
}
