import type { Readable } from 'node:stream';
import * as yauzl from 'yauzl';
import { HeadstartError } from '../errors/headstart-error.ts';
import { storageError } from '../errors/storage-error.ts';
import { openZip } from '../storage/open-zip.ts';
import { archiveInvalid, archiveUnsafe } from '../artifact-errors.ts';
import type { ArchiveEntry } from './unpack.ts';

const TYPE_MASK = 0o170000;
const KINDS: Record<number, { kind: ArchiveEntry['kind']; description?: string }> = {
  0o120000: { kind: 'other', description: 'a symbolic link' },
  0o060000: { kind: 'other', description: 'a device' },
  0o020000: { kind: 'other', description: 'a device' },
  0o010000: { kind: 'other', description: 'a pipe' },
  0o140000: { kind: 'other', description: 'a socket' },
};

/** The entries of a zip file in the order of its directory. Names are given as they stand. */
export async function* readZip(path: string, label: string): AsyncGenerator<ArchiveEntry> {
  let zip: yauzl.ZipFile | undefined;
  try {
    // Names are decoded here and checked by the caller, so that a refusal names the entry.
    zip = await openZip(path, { decodeStrings: false });
    for await (const entry of zip.eachEntry()) {
      const name = nameOf(entry);
      if (entry.isEncrypted())
        throw archiveUnsafe(label, name, 'is encrypted', 'Unpack it with its password, and give what comes out.');
      const mode = (entry.externalFileAttributes >>> 16) & TYPE_MASK;
      const kind = KINDS[mode] ?? { kind: name.endsWith('/') ? ('folder' as const) : ('file' as const) };
      yield { name, ...kind, size: entry.uncompressedSize, open: () => openEntry(zip!, entry, label, name) };
    }
  } catch (cause) {
    throw translated(cause, label);
  } finally {
    zip?.close();
  }
}

/** The host of a file's attributes that programs on Windows state (APPNOTE 4.4.2.2). */
const WINDOWS = new Set([0, 10, 11]);

/** An entry's name; where a program on Windows wrote backslashes between its parts, which is against the format, with slashes. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields, versionMadeBy }: yauzl.Entry): string {
  const name = yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
  return WINDOWS.has(versionMadeBy >> 8) && !name.includes('/') ? name.replaceAll('\\', '/') : name;
}

async function* openEntry(zip: yauzl.ZipFile, entry: yauzl.Entry, label: string, name: string): AsyncGenerator<Buffer> {
  let stream: Readable | undefined;
  try {
    stream = await zip.openReadStreamPromise(entry);
    // The iteration throws what goes wrong; a second report after it has ended must not end the process.
    stream.on('error', () => {});
    yield* stream as AsyncIterable<Buffer>;
  } catch (cause) {
    throw translated(cause, label, `its entry ${JSON.stringify(name)} cannot be read: `);
  } finally {
    stream?.destroy();
  }
}

function translated(cause: unknown, label: string, what = ''): unknown {
  if (HeadstartError.is(cause)) return cause;
  if (typeof (cause as NodeJS.ErrnoException).syscall === 'string') return storageError('read', label, cause);
  return archiveInvalid(label, `${what}${cause instanceof Error ? cause.message : String(cause)}`, cause);
}
