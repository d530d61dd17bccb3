import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { machine, temporaryBeside, writeAtomic } from '@headstart/artifacts/storage';
import type { LibraryFiles } from './library-files.ts';

/** The file beside the libraries that says what they were when they were installed. */
const MARK = 'headstart-library.json';

const ELF = 0x7f454c46;

/** A library as it was when its bytes were last read. */
interface Installed {
  readonly bytes: number;
  readonly modified: string;
  /** A copy has another one, whatever time it bears. */
  readonly inode: string;
  readonly sha256: string;
}

interface Mark {
  /** The machine on which they were read: an image of a disk keeps times and inodes. */
  readonly host: string;
  readonly files: Readonly<Record<string, Installed>>;
}

/** Notes what libraries are that are being installed, so that damage is seen later. @throws HeadstartError `storage-*` */
export async function markInstalled(files: LibraryFiles): Promise<void> {
  await writeAtomic(markOf(files), markText(files, digestOf));
}

/**
 * What is wrong with libraries, as a sentence; undefined where nothing is. A library that is on this machine what it was when
 * its bytes were last read (size, time, inode) is taken for that one; else, as after a copy of the cache, its digest is held
 * against that of its installation. One that is cut short is known by its own headers, whoever installed it: to load it
 * would end the process without a word.
 */
export function libraryProblem(files: LibraryFiles): string | undefined {
  const mark = readMark(files);
  if (mark === 'damaged') return `${markOf(files)}, which says what was installed, is damaged.`;
  let read = false;
  for (const path of paths(files)) {
    const installed = mark?.files[basename(path)];
    const problem = badHeader(path) ?? changedSize(path, installed);
    if (problem !== undefined) return `${path} ${problem}.`;
    if (!installed || (mark?.host === machine().host && isSame(installed, stampOf(path)))) continue;
    if (digestOf(path) !== installed.sha256) return `${path} is not as it was installed: its digest is another one.`;
    read = true;
  }
  if (mark && read) renew(files, mark);
  return undefined;
}

/** Notes that libraries were read here and are as they were installed; where that cannot be, they are read again. */
function renew(files: LibraryFiles, mark: Mark): void {
  const path = markOf(files);
  const aside = temporaryBeside(path);
  try {
    writeFileSync(
      aside,
      markText(files, (library) => mark.files[basename(library)]!.sha256),
    );
    renameSync(aside, path);
  } catch {
    rmSync(aside, { force: true });
  }
}

function markText(files: LibraryFiles, digest: (path: string) => string): string {
  const marked = paths(files).map((path) => [basename(path), { ...stampOf(path), sha256: digest(path) }] as const);
  return `${JSON.stringify({ host: machine().host, files: Object.fromEntries(marked) } satisfies Mark, undefined, 2)}\n`;
}

function stampOf(path: string): Omit<Installed, 'sha256'> {
  const { size, mtimeNs, ino } = statSync(path, { bigint: true });
  return { bytes: Number(size), modified: String(mtimeNs), inode: String(ino) };
}

function isSame(a: Omit<Installed, 'sha256'>, b: Omit<Installed, 'sha256'>): boolean {
  return a.bytes === b.bytes && a.modified === b.modified && a.inode === b.inode;
}

function paths({ framework, main }: LibraryFiles): string[] {
  return [framework, main];
}

function markOf({ main }: LibraryFiles): string {
  return join(dirname(main), MARK);
}

/** Undefined where nobody has marked the libraries: they are the user's own. */
function readMark(files: LibraryFiles): Mark | 'damaged' | undefined {
  let text: string;
  try {
    text = readFileSync(markOf(files), 'utf8');
  } catch {
    return undefined;
  }
  try {
    const mark = JSON.parse(text) as Partial<Mark>;
    const isWhole = paths(files).every((path) => typeof mark.files?.[basename(path)]?.sha256 === 'string');
    return isWhole ? (mark as Mark) : 'damaged';
  } catch {
    return 'damaged';
  }
}

function changedSize(path: string, installed: Installed | undefined): string | undefined {
  const { size } = statSync(path);
  return installed && size !== installed.bytes
    ? `has ${size} bytes where ${installed.bytes} were installed`
    : undefined;
}

/** Sizes of an entry of the tables in an ELF file of 64 bits. */
const PROGRAM_ENTRY = 56;
const SECTION_ENTRY = 64;

/** For a shared library of Linux: whether it lacks bytes that its program and section headers speak of, or these are none. */
function badHeader(path: string): string | undefined {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const header = Buffer.alloc(64);
    const read = readSync(file, header, 0, 64, 0);
    if (read === 0) return 'is empty';
    if (header.readUInt32BE(0) !== ELF || header.readUInt16BE(4) !== 0x0201) return undefined; // no ELF of 64 bits
    if (read < 64) return `is cut short: it has ${size} bytes`;
    const programs = { at: header.readBigUInt64LE(32), entry: header.readUInt16LE(54), count: header.readUInt16LE(56) };
    const sections = { at: header.readBigUInt64LE(40), entry: header.readUInt16LE(58), count: header.readUInt16LE(60) };
    const isTable = ({ entry, count }: typeof programs, bytes: number) => count === 0 || entry === bytes;
    if (!isTable(programs, PROGRAM_ENTRY) || !isTable(sections, SECTION_ENTRY)) return 'has a damaged header';
    const tables = [programs, sections].map(({ at, entry, count }) => at + BigInt(entry * count));
    const end = largest(tables);
    if (end > size) return cutShort(size, end);
    const segments = endOfSegments(file, Number(programs.at), programs.count);
    return segments > size ? cutShort(size, segments) : undefined;
  } finally {
    closeSync(file);
  }
}

function cutShort(size: number, end: bigint): string {
  return `is cut short: it has ${size} bytes of at least ${end}`;
}

/** The last byte that a segment takes of the file. @param at where the table begins, which lies in the file */
function endOfSegments(file: number, at: number, count: number): bigint {
  const table = Buffer.alloc(PROGRAM_ENTRY * count);
  readSync(file, table, 0, table.length, at);
  const field = (i: number, offset: number) => table.readBigUInt64LE(i * PROGRAM_ENTRY + offset);
  return largest(Array.from({ length: count }, (_, i) => field(i, 8) + field(i, 32)));
}

function largest(numbers: readonly bigint[]): bigint {
  return numbers.reduce((most, each) => (each > most ? each : most), 0n);
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
