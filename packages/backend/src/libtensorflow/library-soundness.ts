import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { writeAtomic } from '@headstart/artifacts/storage';
import type { LibraryFiles } from './library-files.ts';

/** The file beside the libraries that says what they were when they were installed. */
const MARK = 'headstart-installed.json';

const ELF = 0x7f454c46;

interface Installed {
  readonly bytes: number;
  readonly modified: number;
  readonly sha256: string;
}

type Mark = Readonly<Record<string, Installed>>;

/** Notes size, time and digest of libraries that were just installed, so that damage is seen later. @throws HeadstartError `storage-*` */
export async function markInstalled(files: LibraryFiles): Promise<void> {
  const mark = Object.fromEntries(
    paths(files).map((path) => {
      const { size, mtimeMs } = statSync(path);
      return [basename(path), { bytes: size, modified: mtimeMs, sha256: digestOf(path) } satisfies Installed];
    }),
  );
  await writeAtomic(markOf(files), `${JSON.stringify(mark, undefined, 2)}\n`);
}

/**
 * What is wrong with libraries, as a sentence; undefined where nothing is. A library that is as large and as old as when it
 * was installed is taken for that one; else its digest is held against that of then. One that is cut short is known by its
 * own headers, whoever installed it: to load it would end the process without a word.
 */
export function libraryProblem(files: LibraryFiles): string | undefined {
  const mark = readMark(files);
  for (const path of paths(files)) {
    const problem = cutShort(path) ?? changed(path, mark?.[basename(path)]);
    if (problem !== undefined) return `${path} ${problem}.`;
  }
  return undefined;
}

function paths({ framework, main }: LibraryFiles): string[] {
  return [framework, main];
}

function markOf({ main }: LibraryFiles): string {
  return join(dirname(main), MARK);
}

function readMark(files: LibraryFiles): Mark | undefined {
  try {
    return JSON.parse(readFileSync(markOf(files), 'utf8')) as Mark;
  } catch {
    return undefined;
  }
}

function changed(path: string, installed: Installed | undefined): string | undefined {
  if (!installed) return undefined;
  const { size, mtimeMs } = statSync(path);
  if (size !== installed.bytes) return `has ${size} bytes where ${installed.bytes} were installed`;
  if (mtimeMs === installed.modified || digestOf(path) === installed.sha256) return undefined;
  return 'is not as it was installed: its digest is another one';
}

/** For a shared library of Linux: whether it has all of the bytes that its program and section headers speak of. */
function cutShort(path: string): string | undefined {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const header = Buffer.alloc(64);
    const read = readSync(file, header, 0, 64, 0);
    if (read === 0) return 'is empty';
    if (header.readUInt32BE(0) !== ELF || header.readUInt16BE(4) !== 0x0201) return undefined; // no ELF of 64 bits
    if (read < 64) return `is cut short: it has ${size} bytes`;
    const sections = Number(header.readBigUInt64LE(40)) + header.readUInt16LE(58) * header.readUInt16LE(60);
    const end = Math.max(sections, endOfSegments(file, header));
    return size < end ? `is cut short: it has ${size} bytes of at least ${end}` : undefined;
  } finally {
    closeSync(file);
  }
}

function endOfSegments(file: number, header: Buffer): number {
  const [size, count] = [header.readUInt16LE(54), header.readUInt16LE(56)];
  const table = Buffer.alloc(size * count);
  readSync(file, table, 0, table.length, Number(header.readBigUInt64LE(32)));
  const ends = Array.from({ length: count }, (_, i) =>
    Number(table.readBigUInt64LE(i * size + 8) + table.readBigUInt64LE(i * size + 32)),
  );
  return Math.max(0, ...ends);
}

function digestOf(path: string): string {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(2 ** 22);
  const file = openSync(path, 'r');
  try {
    for (let read = 0; (read = readSync(file, buffer, 0, buffer.length, null)) > 0; )
      hash.update(buffer.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}
