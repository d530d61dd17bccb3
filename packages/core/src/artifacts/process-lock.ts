import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { storageError } from '../errors/storage-error.ts';

/** A holder that has not renewed its lock for this long is taken for dead. */
const STALE_MS = 30_000;
/** The same where its process is known to be gone. */
const GONE_MS = 2_000;
const RENEW_MS = 5_000;
const LONGEST_WAIT_MS = 500;

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
  const lost = new AbortController();
  let release: () => Promise<void>;
  try {
    await mkdir(folder, { recursive: true });
    release = await acquire(path, lost);
  } catch (cause) {
    throw storageError('lock', path, cause);
  }
  try {
    return await work(lost.signal);
  } finally {
    await release().catch(() => {});
  }
}

async function acquire(path: string, lost: AbortController): Promise<() => Promise<void>> {
  for (let wait = 20; ; wait = Math.min(LONGEST_WAIT_MS, wait * 1.5)) {
    try {
      const stale = (await holderIsGone(path)) ? GONE_MS : STALE_MS;
      const release = await lock(path, { realpath: false, stale, update: RENEW_MS, onCompromised: () => lost.abort() });
      await writeFile(ownerFile(path), JSON.stringify({ host: hostname(), pid: process.pid }));
      return release;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      await sleep(wait * (0.5 + Math.random()));
    }
  }
}

/** Whether the process that last took the lock ran on this machine and has ended. */
async function holderIsGone(path: string): Promise<boolean> {
  try {
    const { host, pid } = JSON.parse(await readFile(ownerFile(path), 'utf8')) as { host?: string; pid?: number };
    if (host !== hostname() || typeof pid !== 'number' || pid === process.pid) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function ownerFile(path: string): string {
  return `${path}.owner`;
}
