import { AsyncLocalStorage } from 'node:async_hooks';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The files and folders that some work has opened, and those that it has changed, as absolute paths, each time anew. */
export interface FileLog {
  readonly read: string[];
  readonly written: string[];
}

interface Watch extends FileLog {
  /** Called before a change, to make it fail by throwing. */
  readonly beforeWrite?: (path: string) => void;
}

/** Functions of node:fs that read what lies at their first argument. Asking for what is known of a file is not among them. */
const READERS = ['readFile', 'readdir', 'opendir', 'createReadStream'];
/** Those that change something at every path that they are given. */
const WRITERS = [
  ...['writeFile', 'appendFile', 'mkdir', 'mkdtemp', 'rm', 'rmdir', 'unlink', 'truncate', 'createWriteStream'],
  ...['rename', 'copyFile', 'cp', 'link', 'symlink'],
];
const OF_TWO_PATHS = new Set(['rename', 'copyFile', 'cp', 'link', 'symlink']);

const watches = new AsyncLocalStorage<Watch>();
let watching = 0;
let restore = () => {};

/**
 * Does some work and notes the files that it opens and changes through `node:fs`, in whatever it awaits. What native
 * addons, child processes and worker threads do is not seen.
 *
 * @param beforeWrite called before every change, with the path: what it throws is what the change fails by
 */
export async function watchingFiles<T>(
  work: () => T | Promise<T>,
  beforeWrite?: (path: string) => void,
): Promise<{ result: T; files: FileLog }> {
  const files: Watch = { read: [], written: [], beforeWrite };
  if (watching++ === 0) restore = interpose();
  try {
    return { result: await watches.run(files, async () => work()), files };
  } finally {
    if (--watching === 0) restore();
  }
}

type Call = (this: unknown, ...args: unknown[]) => unknown;

/** Puts functions that note what they are called with in place of those of node:fs; gives the function that puts them back. */
function interpose(): () => void {
  const undo: (() => void)[] = [];
  const replace = (holder: object, name: string, note: (args: readonly unknown[]) => void) => {
    const members = holder as Record<string, unknown>;
    const original = members[name];
    if (typeof original !== 'function') return;
    members[name] = function (this: unknown, ...args: unknown[]) {
      note(args);
      return (original as Call).apply(this, args);
    };
    undo.push(() => (members[name] = original));
  };
  for (const holder of [fs, fs.promises]) {
    const forms = (name: string) => (holder === fs ? [name, `${name}Sync`] : [name]);
    for (const name of READERS.flatMap(forms)) replace(holder, name, ([path]) => noteRead(path));
    for (const name of WRITERS.flatMap(forms)) {
      const paths = OF_TWO_PATHS.has(name.replace('Sync', '')) ? 2 : 1;
      replace(holder, name, (args) => args.slice(0, paths).forEach(noteWritten));
    }
    for (const name of forms('open'))
      replace(holder, name, ([path, flags]) => (readsOnly(flags) ? noteRead(path) : noteWritten(path)));
  }
  syncBuiltinESMExports();
  return () => {
    for (const put of undo) put();
    syncBuiltinESMExports();
  };
}

function readsOnly(flags: unknown): boolean {
  if (typeof flags === 'number') return (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) === 0;
  return typeof flags !== 'string' || flags === 'r' || flags === 'rs';
}

function noteRead(given: unknown): void {
  const path = pathOf(given);
  if (path !== undefined) watches.getStore()?.read.push(path);
}

function noteWritten(given: unknown): void {
  const watch = watches.getStore();
  const path = pathOf(given);
  if (!watch || path === undefined) return;
  watch.written.push(path);
  watch.beforeWrite?.(path);
}

/** Undefined for what is no path, such as a file that is open. */
function pathOf(given: unknown): string | undefined {
  if (typeof given === 'string') return resolve(given);
  if (given instanceof URL) return fileURLToPath(given);
  return Buffer.isBuffer(given) ? resolve(given.toString()) : undefined;
}
