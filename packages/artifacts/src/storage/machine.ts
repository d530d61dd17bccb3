import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Where a process runs: what has to be the same for its number to mean the same process. */
export interface Machine {
  readonly host: string;
  /** Names one start of the machine, on Linux. */
  readonly boot?: string;
  /** Names the PID namespace, on Linux: containers have their own. */
  readonly processes?: string;
}

let known: Machine | undefined;

/** The machine that this process runs on. */
export function machine(): Machine {
  known ??= {
    host: hostname(),
    boot: textOf('/proc/sys/kernel/random/boot_id'),
    processes: orUndefined(() => readlinkSync('/proc/self/ns/pid')),
  };
  return known;
}

/** All of `machine()` as twelve hexadecimal digits, for names of files that say whose they are. */
export function machineDigest(): string {
  const { host, boot = '', processes = '' } = machine();
  return createHash('sha256').update(`${host} ${boot} ${processes}`).digest('hex').slice(0, 12);
}

/** A file of the system without white space around it; undefined where the system has none. */
export function textOf(path: string): string | undefined {
  return orUndefined(() => readFileSync(path, 'utf8').trim());
}

function orUndefined(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
