import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { HeadstartError } from '../errors/headstart-error.ts';
import { storageError } from '../errors/storage-error.ts';

/** A holder that has not renewed its lock for this long is taken for dead. */
const STALE_MS = 60_000;

const queues = new Map<string, Promise<unknown>>();

/**
 * Runs `work` while no other process (nor other caller in this one) holds the lock `name`.
 * The locks of dead processes expire; a process that was only suspended for that long has its signal
 * aborted, but may run beside its successor for a moment: publish by renames.
 */
export async function withLock<T>(folder: string, name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const path = join(folder, name);
  const before = queues.get(path) ?? Promise.resolve();
  const mine = before.catch(() => {}).then(() => holding(folder, path, work));
  queues.set(path, mine);
  try {
    return await mine;
  } finally {
    if (queues.get(path) === mine) queues.delete(path);
  }
}

async function holding<T>(folder: string, path: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const taken = new AbortController();
  let release: () => Promise<void>;
  try {
    await mkdir(folder, { recursive: true });
    release = await lock(path, {
      realpath: false,
      stale: STALE_MS,
      update: 5_000,
      retries: { forever: true, minTimeout: 25, maxTimeout: 1_000, factor: 1.5, randomize: true },
      onCompromised: () => taken.abort(),
    });
  } catch (cause) {
    if (cause instanceof HeadstartError) throw cause;
    throw storageError('lock', path, cause);
  }
  try {
    return await work(taken.signal);
  } finally {
    await release().catch(() => {});
  }
}
