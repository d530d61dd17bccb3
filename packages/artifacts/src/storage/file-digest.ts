import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { storageError } from '../errors/storage-error.ts';
import { chunksOf } from './file-handles.ts';

/** What is known of a stored file; `modified` and `inode` show whether it was touched since. */
export interface FileRecord {
  sha256: string;
  bytes: number;
  modified: string;
  inode: string;
}

/** Files up to this size are hashed on every use; above it, only where they were touched since. */
export const REHASH_UP_TO = 64 * 2 ** 20;

/** SHA-256 of a file, lower-case hexadecimal. */
export async function sha256File(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of chunksOf(path, { highWaterMark: 2 ** 20 })) hash.update(chunk);
  } catch (cause) {
    throw storageError('read', path, cause);
  }
  return hash.digest('hex');
}

/** A digest of a file's content, lower-case hexadecimal. */
export interface FileDigest {
  /** `git-blob`: SHA-1 of `blob <bytes>`, a zero byte and the content. */
  readonly kind: 'sha256' | 'git-blob';
  readonly value: string;
}

/** The digest of that kind. @throws HeadstartError `storage-*` */
export async function digestOfFile(path: string, kind: FileDigest['kind']): Promise<string> {
  if (kind === 'sha256') return sha256File(path);
  try {
    const hash = createHash('sha1').update(`blob ${(await stat(path)).size}\0`);
    for await (const chunk of chunksOf(path, { highWaterMark: 2 ** 20 })) hash.update(chunk);
    return hash.digest('hex');
  } catch (cause) {
    throw storageError('read', path, cause);
  }
}

/** The record of a file just written, whose digest is known. */
export async function recordOf(path: string, sha256: string): Promise<FileRecord> {
  const { size, mtimeNs, ino } = await stat(path, { bigint: true });
  return { sha256, bytes: Number(size), modified: String(mtimeNs), inode: String(ino) };
}

const seenIntact = new Map<string, string>();

/**
 * Whether a stored file is still what its record says. Small files are hashed at their first use
 * in a process; large ones where size, time or inode differ from the record.
 */
export async function isIntact(path: string, record: FileRecord): Promise<boolean> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  if (!found?.isFile() || Number(found.size) !== record.bytes) return false;
  const stamp = `${found.mtimeNs} ${found.ino} ${record.sha256}`;
  if (seenIntact.get(path) === stamp) return true;
  const untouched = String(found.mtimeNs) === record.modified && String(found.ino) === record.inode;
  if (record.bytes <= REHASH_UP_TO || !untouched) {
    if ((await sha256File(path)) !== record.sha256) return false;
  }
  seenIntact.set(path, stamp);
  return true;
}
