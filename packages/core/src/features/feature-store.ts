import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomic } from '../artifacts/atomic-file.ts';
import { HeadstartError } from '../errors/headstart-error.ts';
import { storageError } from '../errors/storage-error.ts';
import type { HostTensors } from '../models/tensors.ts';
import { featureKeyDigest, type FeatureKey } from './feature-key.ts';
import { RowLayout } from './row-layout.ts';

/** Rows that all open sets of a store together hold in memory rather than read from disk, in bytes. */
const MEMORY_LIMIT = 128 * 2 ** 20;
/** What a process that died left unfinished is removed after this time without a write. */
const ABANDONED_MS = 3_600_000;

interface Segment {
  /** The rows in memory, or a handle to read them with. */
  readonly source: Buffer | FileHandle;
}

/** Bytes of memory that sets may still take. */
interface Room {
  bytes: number;
}

/**
 * Outputs of frozen prefixes on disk, a row a sample, found by the digest of the sample's content:
 * another split, seed or strategy, and a data set that grew, reuse what is there.
 *
 * A set is a folder of segments. A segment is written beside its final name and renamed, its index
 * last, so that a reader sees whole segments only and processes can share the folder.
 */
export class FeatureStore {
  readonly #room: Room;

  constructor(
    readonly root: string,
    memoryLimit = MEMORY_LIMIT,
  ) {
    this.#room = { bytes: memoryLimit };
  }

  /** @throws HeadstartError `storage-*` */
  async open(key: FeatureKey): Promise<FeatureSet> {
    const digest = featureKeyDigest(key);
    const folder = join(this.root, digest.slice(0, 2), digest);
    const set = new FeatureSet(folder, new RowLayout(key.row), this.#room);
    try {
      await mkdir(folder, { recursive: true });
      await removeAbandoned(folder);
      await set.refresh();
    } catch (error) {
      await set.close();
      throw storageError('open the feature cache', folder, error);
    }
    return set;
  }
}

/** Removes temporary files, and rows without an index, that nobody has written to for long. */
async function removeAbandoned(folder: string): Promise<void> {
  const names = new Set(await readdir(folder));
  for (const name of names) {
    const unfinished = name.endsWith('.tmp') || (name.endsWith('.bin') && !names.has(indexOf(name)));
    if (!unfinished) continue;
    const path = join(folder, name);
    const written = await stat(path).then(({ mtimeMs }) => mtimeMs, () => Infinity);
    if (Date.now() - written > ABANDONED_MS) await rm(path, { force: true });
  }
}

function indexOf(data: string): string {
  return data.replace(/\.bin$/, '.json');
}

/** The cached rows of one prefix over one kind of view. */
export class FeatureSet {
  readonly #rows = new Map<string, { segment: Segment; row: number }>();
  readonly #known = new Set<string>();
  readonly #handles: FileHandle[] = [];
  #inMemory = 0;

  constructor(
    readonly folder: string,
    readonly layout: RowLayout,
    private readonly room: Room,
  ) {}

  has(digest: string): boolean {
    return this.#rows.has(digest);
  }

  /** Takes in segments that appeared since the last look. Damaged ones are left out: their rows are computed anew. */
  async refresh(): Promise<void> {
    const names = (await readdir(this.folder)).filter((name) => name.endsWith('.json')).sort();
    for (const name of names) {
      if (this.#known.has(name)) continue;
      this.#known.add(name);
      const data = join(this.folder, name.replace(/\.json$/, '.bin'));
      const digests = parseIndex(await readFile(join(this.folder, name), 'utf8'));
      const size = await stat(data).then((found) => found.size, () => -1);
      if (digests === undefined || size !== digests.length * this.layout.bytes) continue;
      await this.#admit(data, digests);
    }
  }

  async #admit(path: string, digests: readonly string[]): Promise<void> {
    const size = digests.length * this.layout.bytes;
    const fits = size <= this.room.bytes;
    if (fits) {
      this.room.bytes -= size;
      this.#inMemory += size;
    }
    const source = fits ? await readFile(path) : await open(path, 'r');
    if (!Buffer.isBuffer(source)) this.#handles.push(source);
    const segment: Segment = { source };
    digests.forEach((digest, row) => {
      if (!this.#rows.has(digest)) this.#rows.set(digest, { segment, row });
    });
  }

  /** Adds a segment. @throws HeadstartError `storage-*`; nothing is left half-written */
  async append(digests: readonly string[], rows: readonly Buffer[]): Promise<void> {
    const name = `${Date.now().toString(36)}-${randomBytes(6).toString('hex')}`;
    const data = join(this.folder, `${name}.bin`);
    try {
      await writeAtomic(data, async (file) => {
        for (const chunk of rows) await file.writeFile(chunk); // unlike write(), all of it or an error
      });
      await writeAtomic(join(this.folder, `${name}.json`), JSON.stringify(digests));
    } catch (error) {
      await rm(data, { force: true }).catch(() => {});
      throw error;
    }
    this.#known.add(`${name}.json`);
    try {
      await this.#admit(data, digests);
    } catch (error) {
      throw storageError('read', data, error);
    }
  }

  /** The rows of these samples as batches `[digests.length, …]`. All must be present. */
  async read(digests: readonly string[]): Promise<HostTensors> {
    const tensors = this.layout.allocate(digests.length);
    await Promise.all(digests.map(async (digest, index) => this.layout.unpack(await this.#row(digest), tensors, index)));
    return tensors;
  }

  async #row(digest: string): Promise<Buffer> {
    const place = this.#rows.get(digest);
    if (!place) throw new RangeError(`No cached features for sample ${digest}.`);
    const { source } = place.segment;
    const { bytes } = this.layout;
    const start = place.row * bytes;
    if (Buffer.isBuffer(source)) return source.subarray(start, start + bytes);
    const row = Buffer.allocUnsafe(bytes);
    try {
      for (let done = 0; done < bytes; ) {
        const { bytesRead } = await source.read(row, done, bytes - done, start + done);
        if (bytesRead === 0) throw truncated(this.folder);
        done += bytesRead;
      }
    } catch (error) {
      throw storageError('read the feature cache', this.folder, error);
    }
    return row;
  }

  /** Gives back memory and file handles. */
  async close(): Promise<void> {
    this.#rows.clear();
    this.room.bytes += this.#inMemory;
    this.#inMemory = 0;
    for (const handle of this.#handles.splice(0)) await handle.close();
  }
}

function parseIndex(text: string): string[] | undefined {
  try {
    const digests: unknown = JSON.parse(text);
    return Array.isArray(digests) && digests.every((digest) => typeof digest === 'string') ? digests : undefined;
  } catch {
    return undefined;
  }
}

function truncated(folder: string): HeadstartError {
  return new HeadstartError({
    code: 'storage-failed',
    message: `The feature cache ${folder} became shorter while it was read.`,
    hint: 'Run again; what is missing is computed anew.',
  });
}
