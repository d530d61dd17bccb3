import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storageError } from '../errors/storage-error.ts';
import { archiveInvalid, archiveUnsafe, tooLarge } from '../artifact-errors.ts';
import { entryPath, isIncluded } from '../storage/entry-path.ts';
import { recordOf, REHASH_UP_TO, type FileRecord } from '../storage/file-digest.ts';
import { readTar } from './read-tar.ts';
import { readZip } from './read-zip.ts';
import { openToRead, syncFile } from '../storage/file-handles.ts';
import { ensureFolder } from '../storage/ensure-folder.ts';

/** One entry as an archive states it; nothing of it has been checked. */
export interface ArchiveEntry {
  name: string;
  kind: 'file' | 'folder' | 'other';
  /** What `other` is, for the message: `a symbolic link`, … */
  description?: string;
  /** Bytes that it claims to have, where that is known before it is opened. */
  size?: number;
  /** Bytes of the file. Need not be opened where the entry is not wanted. @throws HeadstartError `archive-invalid` on the way */
  open(): AsyncIterable<Buffer>;
}

export interface UnpackOptions {
  /** How messages call the archive. */
  label: string;
  /** Files and folders wanted; `['']` for all. */
  include: readonly string[];
  /** 1 where the archive wraps everything in one top folder that is to be left out. */
  strip: 0 | 1;
  maxBytes: number;
  maxEntries: number;
  onBytes?: (written: number) => void;
}

/** Nothing real compresses better than this as a whole archive; a bomb does. */
const MAX_RATIO = 250;
const RATIO_FROM = 64 * 2 ** 20;
/** From here on the beginning alone must not compress better: a bomb may have filler behind it. */
const PREFIX_FROM = 128 * 2 ** 20;

/**
 * Unpacks a zip, tar or tar.gz into the empty or new folder `target`: files and folders only, each inside
 * the folder. Sizes count what really comes out, not what the archive claims.
 *
 * @returns the record of each file by its path relative to `target`, and the paths of those left out
 * @throws HeadstartError `archive-unsafe`, `archive-invalid`, `artifact-too-large`, `storage-*`; what
 * was written until then is for the caller to remove
 */
export async function unpack(
  archive: string,
  target: string,
  options: UnpackOptions,
): Promise<{ files: Map<string, FileRecord>; others: string[] }> {
  const { label, include, strip } = options;
  const magic = await firstBytes(archive);
  const limit = Math.min(options.maxBytes, Math.max(RATIO_FROM, MAX_RATIO * magic.size));
  if (magic.isZip) await checkClaims(archive, label, limit, options.maxEntries);
  const bounds = { maxBytes: limit, maxRatio: MAX_RATIO, ratioFrom: PREFIX_FROM };
  const entries = magic.isZip ? readZip(archive, label) : readTar(archive, label, { gzip: magic.isGzip, ...bounds });
  const files = new Map<string, FileRecord>();
  const others: string[] = [];
  const taken = new Map<string, 'file' | 'folder'>();
  let count = 0;
  let written = 0;
  for await (const entry of entries) {
    if (++count > options.maxEntries)
      throw archiveUnsafe(label, entry.name, `is beyond the ${options.maxEntries} entries allowed`);
    const checked = entryPath(entry.name);
    if (!checked.ok && entry.kind === 'folder' && /^(\.?\/)*\.?$/.test(entry.name)) continue; // the root itself
    if (!checked.ok) throw archiveUnsafe(label, entry.name, checked.why);
    const path = checked.path.split('/').slice(strip).join('/');
    if (path === '') continue;
    if (!isIncluded(path, include)) {
      if (entry.kind === 'file') others.push(path);
      continue;
    }
    if (entry.kind === 'other')
      throw archiveUnsafe(label, entry.name, `is ${entry.description ?? 'neither a file nor a folder'}`);
    claim(taken, path, entry, label);
    if (entry.kind === 'folder') continue;
    const file = join(target, ...path.split('/'));
    const record = await writeEntry(entry.open(), file, (bytes) => {
      written += bytes;
      if (written > limit) throw tooLarge(`What ${label} unpacks to`, limit);
      options.onBytes?.(written);
    });
    files.set(path, record);
  }
  return { files, others };
}

/** Refuses a zip by what its directory claims before anything is written. */
async function checkClaims(archive: string, label: string, limit: number, maxEntries: number): Promise<void> {
  let bytes = 0;
  let count = 0;
  for await (const { name, size = 0 } of readZip(archive, label)) {
    bytes += size;
    if (bytes > limit) throw tooLarge(`What ${label} unpacks to`, limit);
    if (++count > maxEntries) throw archiveUnsafe(label, name, `is beyond the ${maxEntries} entries allowed`);
  }
}

/** Two entries must not end in the same place, also where upper and lower case are one. */
function claim(taken: Map<string, 'file' | 'folder'>, path: string, entry: ArchiveEntry, label: string): void {
  const parts = path.normalize('NFC').toLowerCase().split('/');
  for (let depth = 1; depth < parts.length; depth++) {
    const folder = parts.slice(0, depth).join('/');
    if (taken.get(folder) === 'file') throw archiveUnsafe(label, entry.name, 'lies in a folder that is also a file');
    taken.set(folder, 'folder');
  }
  const key = parts.join('/');
  const before = taken.get(key);
  if (before && !(before === 'folder' && entry.kind === 'folder')) {
    throw archiveUnsafe(label, entry.name, 'has the same name as another entry (upper and lower case aside)');
  }
  taken.set(key, entry.kind === 'folder' ? 'folder' : 'file');
}

async function writeEntry(
  source: AsyncIterable<Buffer>,
  file: string,
  count: (bytes: number) => void,
): Promise<FileRecord> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await ensureFolder(dirname(file));
    const handle = await open(file, 'wx', 0o644);
    try {
      for await (const chunk of source) {
        count(chunk.length);
        hash.update(chunk);
        await handle.write(chunk);
        bytes += chunk.length;
      }
      // Smaller files are hashed on every use, so a loss is noticed without the wait for the disk.
      if (bytes > REHASH_UP_TO) await syncFile(handle);
    } finally {
      await handle.close();
    }
    return await recordOf(file, hash.digest('hex'));
  } catch (cause) {
    throw storageError('write', file, cause);
  }
}

async function firstBytes(archive: string): Promise<{ isZip: boolean; isGzip: boolean; size: number }> {
  const handle = await openToRead(archive).catch((cause: unknown) => {
    throw storageError('read', archive, cause);
  });
  try {
    const bytes = Buffer.alloc(4);
    const { bytesRead } = await handle.read(bytes, 0, 4, 0);
    if (bytesRead < 4) throw archiveInvalid(archive, 'it is shorter than any archive');
    return {
      isZip: bytes[0] === 0x50 && bytes[1] === 0x4b,
      isGzip: bytes[0] === 0x1f && bytes[1] === 0x8b,
      size: (await handle.stat()).size,
    };
  } finally {
    await handle.close();
  }
}
