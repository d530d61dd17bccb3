import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import type { HeadstartError } from '../errors/headstart-error.ts';
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

/**
 * As `withLock`, for work that is not to wait for another's: where a process (this one, too) holds the lock and is not
 * known to be gone, that is refused. What the lock takes in the folder is removed at the end.
 * @param refusal the error to throw
 */
export function withFreeLock<T>(
  folder: string,
  name: string,
  refusal: (holder?: Holder) => HeadstartError,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return holding(folder, join(folder, name), work, refusal);
}

/** Who took a lock. */
export interface Holder {
  readonly host: string;
  readonly pid: number;
}

type Refusal = Parameters<typeof withFreeLock>[2];

async function holding<T>(
  folder: string,
  path: string,
  work: (signal: AbortSignal) => Promise<T>,
  refusal?: Refusal,
): Promise<T> {
  const lost = new AbortController();
  let release: () => Promise<void>;
  try {
    await mkdir(folder, { recursive: true });
    release = await acquire(path, lost, refusal);
  } catch (cause) {
    throw storageError('lock', path, cause);
  }
  try {
    return await work(lost.signal);
  } finally {
    if (!lost.signal.aborted) await rm(ownerFile(path), { force: true }).catch(() => {});
    await release().catch(() => {});
  }
}

async function acquire(path: string, lost: AbortController, refusal?: Refusal): Promise<() => Promise<void>> {
  for (let wait = 20; ; wait = Math.min(LONGEST_WAIT_MS, wait * 1.5)) {
    const holder = await holderOf(path);
    const gone = holder !== undefined && isGone(holder);
    try {
      const stale = gone ? GONE_MS : STALE_MS;
      const release = await lock(path, { realpath: false, stale, update: RENEW_MS, onCompromised: () => lost.abort() });
      await sign(path, release);
      return release;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      if (refusal && !gone) throw refusal(holder);
      await sleep(wait * (0.5 + Math.random()));
    }
  }
}

/** Notes who holds the lock; where that fails, it is let go. */
async function sign(path: string, release: () => Promise<void>): Promise<void> {
  try {
    await writeFile(ownerFile(path), JSON.stringify({ host: hostname(), pid: process.pid } satisfies Holder));
  } catch (error) {
    await rm(ownerFile(path), { force: true }).catch(() => {});
    await release();
    throw error;
  }
}

async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    const { host, pid } = JSON.parse(await readFile(ownerFile(path), 'utf8')) as Partial<Holder>;
    return typeof host === 'string' && typeof pid === 'number' ? { host, pid } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the process ran on this machine and has ended. */
function isGone({ host, pid }: Holder): boolean {
  if (host !== hostname() || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function ownerFile(path: string): string {
  return `${path}.owner`;
}
