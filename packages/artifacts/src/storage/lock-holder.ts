import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Who took a lock. */
export interface Holder {
  readonly host: string;
  readonly pid: number;
  /** Which start of the machine it was, and when the process began in it: another process may have its number later. Linux says so. */
  readonly boot?: string;
  readonly begun?: string;
  /** When the lock was taken, as the clock of that machine had it. */
  readonly since?: string;
}

/** This process, as it signs a lock. */
export function thisProcess(): Holder {
  const { pid } = process;
  return { host: hostname(), pid, boot: bootId(), begun: beginningOf(pid), since: new Date().toISOString() };
}

/** Notes who holds a lock. */
export async function writeHolder(path: string): Promise<void> {
  await writeFile(path, JSON.stringify(thisProcess()));
}

/** Undefined where nobody has signed. */
export async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const holder = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder>;
    return typeof holder.host === 'string' && typeof holder.pid === 'number' ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the process ran on this machine and has ended. */
export function isGone({ host, pid, boot, begun }: Holder): boolean {
  if (host !== hostname()) return false;
  if (boot !== undefined && bootId() !== undefined && boot !== bootId()) return true;
  const now = beginningOf(pid);
  if (begun !== undefined && now !== undefined && begun !== now) return true;
  return !isAlive(pid);
}

/** Whether there is a process of this number on this machine. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** How a holder is called, such as `process 12 on host, since 2026-11-29T10:00:00.000Z`. */
export function holderName({ host, pid, since }: Holder): string {
  const where = host === hostname() ? '' : ` on ${host}`;
  return `process ${pid}${where}${since === undefined ? '' : `, since ${since}`}`;
}

/** Names one start of the machine, on Linux. */
function bootId(): string | undefined {
  return read('/proc/sys/kernel/random/boot_id');
}

/** When a process began, in ticks since the machine started, on Linux. */
function beginningOf(pid: number): string | undefined {
  // The name of the program, in parentheses, may hold spaces; the 20th field after it is the time.
  return read(`/proc/${pid}/stat`)
    ?.replace(/^.*\)\s/s, '')
    .split(' ')[19];
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
