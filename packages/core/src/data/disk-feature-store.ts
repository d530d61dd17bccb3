import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder } from '@headstart/artifacts/storage';
import { storageError } from '@headstart/artifacts/errors';
import { DiskFeatureSet, type Room } from './disk-feature-set.ts';
import { featureKeyDigest, type FeatureKey } from './feature-key.ts';
import type { FeatureStore } from './feature-store.ts';
import { pruneFeatures } from './prune-features.ts';
import { RowLayout } from './row-layout.ts';
import { indexName } from './segment-index.ts';

/** Rows that all open sets of a store together hold in memory rather than read from disk, in bytes. */
const MEMORY_LIMIT = 128 * 2 ** 20;
/** What sets may take on disk, in bytes; those that a store has opened itself stay in any case. */
const DISK_LIMIT = 10 * 2 ** 30;
/** What a process that died left unfinished is removed after this time without a write. */
const ABANDONED_MS = 3_600_000;

/**
 * Features on disk.
 *
 * A set is a folder of segments. A segment is written beside its final name and renamed, its index
 * last, so that a reader sees whole segments only and processes can share the folder. Every row has a checksum, held
 * against its bytes before they are used: a row that was damaged is left out, and all others stay. Sets that were used longest ago make room
 * for others.
 */
export class DiskFeatureStore implements FeatureStore {
  readonly #room: Room;
  readonly #diskLimit: number;
  /** Folders of all sets that were opened: a run's own features outlast it, however large they are. */
  readonly #used = new Set<string>();
  /** The sets that are open, by their keys' digests: what opens one again shares its rows in memory. */
  readonly #open = new Map<string, DiskFeatureSet>();

  constructor(
    readonly root: string,
    { memoryLimit = MEMORY_LIMIT, diskLimit = DISK_LIMIT }: { memoryLimit?: number; diskLimit?: number } = {},
  ) {
    this.#room = { bytes: memoryLimit };
    this.#diskLimit = diskLimit;
  }

  async open(key: FeatureKey): Promise<DiskFeatureSet> {
    const digest = featureKeyDigest(key);
    const folder = join(this.root, digest.slice(0, 2), digest);
    const set =
      this.#open.get(digest) ??
      new DiskFeatureSet(folder, new RowLayout(key.row), this.#room, () => this.#ended(digest));
    this.#open.set(digest, set);
    this.#used.add(folder);
    set.retain();
    try {
      await prepare(folder);
      await set.refresh();
    } catch (error) {
      await set.close();
      throw storageError('open the feature cache', folder, error);
    }
    return set;
  }

  async #ended(digest: string): Promise<void> {
    this.#open.delete(digest);
    await pruneFeatures(this.root, this.#diskLimit, this.#used).catch(() => {}); // what cannot be removed is no failure of a run
  }
}

/**
 * Makes a set's folder, as one that was used just now, as pruning sees it. A cache that may not be written to is read; a
 * folder that another process removes meanwhile is made again by whoever writes to it.
 */
async function prepare(folder: string): Promise<void> {
  try {
    await ensureFolder(folder);
    await utimes(folder, new Date(), new Date());
    await removeAbandoned(folder);
  } catch (error) {
    const removed = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!removed && storageError('open', folder, error).code !== 'storage-denied') throw error;
  }
}

/** Removes temporary files, and rows without an index, that nobody has written to for long. */
async function removeAbandoned(folder: string): Promise<void> {
  const names = new Set(await readdir(folder));
  for (const name of names) {
    const unfinished = name.endsWith('.tmp') || (name.endsWith('.bin') && !names.has(indexName(name)));
    if (!unfinished) continue;
    const path = join(folder, name);
    const written = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Infinity,
    );
    if (Date.now() - written > ABANDONED_MS) await rm(path, { force: true });
  }
}
