import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

interface CachedSet {
  readonly folder: string;
  readonly bytes: number;
  /** When it was used last, or written to. */
  readonly used: number;
}

/**
 * Removes the sets of features that were used longest ago, until those that stay take no more than `limit` bytes on
 * disk. Folders in `kept` stay in any case. Another process that has a removed set open keeps what it has read or opened.
 */
export async function pruneFeatures(root: string, limit: number, kept: ReadonlySet<string>): Promise<void> {
  const sets = await Promise.all((await setFolders(root)).map(measure));
  let total = sets.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { folder, bytes } of sets.sort((a, b) => a.used - b.used)) {
    if (total <= limit) return;
    if (kept.has(folder)) continue;
    await rm(folder, { recursive: true, force: true });
    total -= bytes;
  }
}

/**
 * Sets are named by their digests and lie under the first two letters of these. Whatever else is below the root, which
 * may be a folder of the user's, is nobody's to remove.
 */
async function setFolders(root: string): Promise<string[]> {
  const groups = (await foldersIn(root)).filter((name) => /^[0-9a-f]{2}$/.test(name));
  const sets = await Promise.all(
    groups.map(async (group) => {
      const names = await foldersIn(join(root, group));
      return names
        .filter((name) => /^[0-9a-f]{64}$/.test(name) && name.startsWith(group))
        .map((name) => join(root, group, name));
    }),
  );
  return sets.flat();
}

/** Names of the folders in a folder; links are none. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Files that another process removes meanwhile count for nothing. */
async function measure(folder: string): Promise<CachedSet> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  const used = await stat(folder).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  return { folder, bytes: sizes.reduce((sum, size) => sum + size, 0), used };
}
