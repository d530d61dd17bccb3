import { readFile, writeFile } from 'node:fs/promises';
import { machine, textOf, type Machine } from './machine.ts';

/** Who took a lock. */
export interface Holder extends Machine {
  readonly pid: number;
  /** When the process began: another one may have its number later. Linux says so. */
  readonly begun?: string;
  /** When the lock was taken, as the clock of that machine had it. */
  readonly since?: string;
}

/** This process, as it signs a lock. */
export function thisProcess(): Holder {
  const { pid } = process;
  return { ...machine(), pid, begun: beginningOf(pid), since: new Date().toISOString() };
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

/**
 * Whether the process ran on this machine and is known to have ended. Numbers of processes are compared within one PID
 * namespace only: in another container the same number is another process, or none.
 */
export function isGone({ host, pid, boot, processes, begun }: Holder): boolean {
  const here = machine();
  if (host !== here.host) return false;
  if (boot !== undefined && here.boot !== undefined && boot !== here.boot) return true;
  if (processes !== here.processes) return false;
  const now = beginningOf(pid);
  if (begun !== undefined && now !== undefined && begun !== now) return true;
  return !isAlive(pid);
}

/** Whether a process is the one that asks. */
export function isThisProcess({ host, pid, boot, processes }: Holder): boolean {
  const here = machine();
  return pid === process.pid && host === here.host && boot === here.boot && processes === here.processes;
}

/** Whether there is a process of this number in this PID namespace of this machine. */
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
  const where = host === machine().host ? '' : ` on ${host}`;
  return `process ${pid}${where}${since === undefined ? '' : `, since ${since}`}`;
}

/** When a process began, in ticks since the machine started, on Linux. */
function beginningOf(pid: number): string | undefined {
  // The name of the program, in parentheses, may hold spaces; the 20th field after it is the time.
  return textOf(`/proc/${pid}/stat`)
    ?.replace(/^.*\)\s/s, '')
    .split(' ')[19];
}
