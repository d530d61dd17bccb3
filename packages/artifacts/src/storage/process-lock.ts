import { rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import type { HeadstartError } from '../errors/headstart-error.ts';
import { storageError } from '../errors/storage-error.ts';
import { holderName, isGone, readHolder, writeHolder, type Holder } from './lock-holder.ts';
import { ensureFolder } from './ensure-folder.ts';

const RENEW_MS = 2_500;
/** A holder that has not renewed its lock for this long is taken for dead. */
const STALE_MS = 12 * RENEW_MS;
/**
 * The same where its process is taken to be gone. A holder that lives renews its lock within this time: one that is
 * wrongly taken to be gone (two machines of one name) keeps it.
 */
const GONE_MS = 2 * RENEW_MS;
const LONGEST_WAIT_MS = 500;
/** A wait that is longer is told. */
const TOLD_AFTER_MS = 3_000;

const queues = new Map<string, Promise<unknown>>();

/**
 * Runs `work` while no other process (nor other caller in this one) holds the lock `name`.
 * Waiting is told by a warning of the process. The locks of dead processes expire, whatever date they bear; a process that was only suspended for that long has its signal
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
    await ensureFolder(folder);
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
  const waiting = new Waiting(path);
  for (let wait = 20; ; wait = Math.min(LONGEST_WAIT_MS, wait * 1.5)) {
    const holder = await readHolder(ownerFile(path));
    const gone = holder !== undefined && isGone(holder);
    try {
      const stale = gone ? GONE_MS : STALE_MS;
      const release = await lock(path, { realpath: false, stale, update: RENEW_MS, onCompromised: () => lost.abort() });
      await sign(path, release);
      return release;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      if (refusal && !gone) throw refusal(holder);
      await waiting.look(holder, gone);
      await sleep(wait * (0.5 + Math.random()));
    }
  }
}

/**
 * What is seen of a lock while it is waited for. Clocks differ and are put right: a lock from the future would never be
 * old, so its age is how long it has stayed as it is.
 */
class Waiting {
  readonly #begun = performance.now();
  #told = false;
  #modified: number | undefined;
  #unchangedSince = performance.now();

  constructor(private readonly path: string) {}

  async look(holder: Holder | undefined, gone: boolean): Promise<void> {
    const modified = await stat(lockFolder(this.path)).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    const now = performance.now();
    if (modified !== this.#modified) {
      this.#modified = modified;
      this.#unchangedSince = now;
    }
    const age = now - this.#unchangedSince;
    if (modified !== undefined && modified > Date.now() + RENEW_MS && age > (gone ? GONE_MS : STALE_MS))
      await this.#date();
    // That of a process which is gone is taken over by itself: there is nothing to do about it.
    if (this.#told || now - this.#begun < TOLD_AFTER_MS + (gone ? GONE_MS : 0)) return;
    this.#told = true;
    process.emitWarning(waitingMessage(this.path, holder), { type: 'HeadstartWarning', code: 'WAITING_FOR_LOCK' });
  }

  /** Gives the lock a date that is past, by which it is old. */
  async #date(): Promise<void> {
    await utimes(lockFolder(this.path), 0, 0).catch(() => {}); // let go meanwhile
  }
}

function waitingMessage(path: string, holder: Holder | undefined): string {
  const who = holder ? holderName(holder) : 'another process';
  return `Waiting for ${who}, which holds ${lockFolder(path)}. If that process is no more, remove that folder; else wait, or end it.`;
}

/** Notes who holds the lock; where that fails, it is let go. */
async function sign(path: string, release: () => Promise<void>): Promise<void> {
  try {
    await writeHolder(ownerFile(path));
  } catch (error) {
    await rm(ownerFile(path), { force: true }).catch(() => {});
    await release();
    throw error;
  }
}

function ownerFile(path: string): string {
  return `${path}.owner`;
}

/** What stands for the lock: a folder, whose time is renewed. */
function lockFolder(path: string): string {
  return `${path}.lock`;
}
