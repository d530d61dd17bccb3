import { basename } from 'node:path';
import { entryPath } from './storage/entry-path.ts';
import type { FileRecord } from './storage/file-digest.ts';

/** The record beside one cached file. */
export interface CachedFile extends FileRecord {
  uri: string;
  /** Name of the file beside the record. */
  file: string;
  /** Who brought it. */
  via: string;
  strip: 0 | 1;
}

/** The record of a package's unpacked files. */
export interface CachedPackage {
  uri: string;
  archiveSha256: string;
  /** What has been unpacked: files and folders; `''` for all. */
  covers: string[];
  files: Record<string, FileRecord>;
}

/** Whether what was read as a record can be one of a file: its fields are of the kinds that they have to be, and its name is of a file beside it. */
export function isCachedFile(record: unknown): record is CachedFile {
  if (!isObject(record) || !isFileRecord(record)) return false;
  const { uri, file, via, strip } = record as Record<string, unknown>;
  return typeof uri === 'string' && typeof via === 'string' && (strip === 0 || strip === 1) && isName(file);
}

/** The same of a package. */
export function isCachedPackage(record: unknown): record is CachedPackage {
  if (!isObject(record)) return false;
  const { uri, archiveSha256, covers, files } = record;
  return (
    typeof uri === 'string' &&
    typeof archiveSha256 === 'string' &&
    Array.isArray(covers) &&
    covers.every((path) => typeof path === 'string') &&
    isObject(files) &&
    Object.entries(files).every(([path, each]) => isInside(path) && isFileRecord(each))
  );
}

function isFileRecord(record: unknown): record is FileRecord {
  if (!isObject(record)) return false;
  const { sha256, bytes, modified, inode } = record;
  return [sha256, modified, inode].every((value) => typeof value === 'string') && Number.isSafeInteger(bytes);
}

/** Whether it names a file beside the record. */
function isName(name: unknown): boolean {
  return typeof name === 'string' && !['', '.', '..'].includes(name) && basename(name) === name;
}

function isInside(path: unknown): boolean {
  return typeof path === 'string' && entryPath(path).ok;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
