import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm, stat, utimes, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomic } from '@headstart/artifacts/storage';
import { HeadstartError, storageError } from '@headstart/artifacts/errors';
import type { HostTensors } from '../network/tensors.ts';
import { DigestMap } from './digest-map.ts';
import { featureKeyDigest, type FeatureKey } from './feature-key.ts';
import type { FeatureSet, FeatureStore } from './feature-store.ts';
import { pruneFeatures } from './prune-features.ts';
import { RowLayout } from './row-layout.ts';

/** Rows that all open sets of a store together hold in memory rather than read from disk, in bytes. */
const MEMORY_LIMIT = 128 * 2 ** 20;
/** What sets may take on disk, in bytes; those that a store has opened itself stay in any case. */
const DISK_LIMIT = 10 * 2 ** 30;
/** What a process that died left unfinished is removed after this time without a write. */
const ABANDONED_MS = 3_600_000;

interface Segment {
  /** The number of its first row: rows are numbered through all segments of a set. */
  readonly first: number;
  /** The rows in memory, or a handle to read them with. */
  readonly source: Buffer | FileHandle;
}

/** Bytes of memory that sets may still take. */
interface Room {
  bytes: number;
}

/**
 * Features on disk.
 *
 * A set is a folder of segments. A segment is written beside its final name and renamed, its index
 * last, so that a reader sees whole segments only and processes can share the folder. Sets that were used longest ago
 * make room for others.
 */
export class DiskFeatureStore implements FeatureStore {
  readonly #room: Room;
  readonly #diskLimit: number;
  /** Folders of all sets that were opened: a run's own features outlast it, however large they are. */
  readonly #used = new Set<string>();
  /** The sets that are open, by their keys' digests: what opens one again shares its rows in memory. */
  readonly #open = new Map<string, DiskFeatureSet>();

  constructor(
    readonly root: string,
    { memoryLimit = MEMORY_LIMIT, diskLimit = DISK_LIMIT }: { memoryLimit?: number; diskLimit?: number } = {},
  ) {
    this.#room = { bytes: memoryLimit };
    this.#diskLimit = diskLimit;
  }

  async open(key: FeatureKey): Promise<DiskFeatureSet> {
    const digest = featureKeyDigest(key);
    const folder = join(this.root, digest.slice(0, 2), digest);
    const set =
      this.#open.get(digest) ??
      new DiskFeatureSet(folder, new RowLayout(key.row), this.#room, () => this.#ended(digest));
    this.#open.set(digest, set);
    this.#used.add(folder);
    set.retain();
    try {
      await mkdir(folder, { recursive: true });
      await utimes(folder, new Date(), new Date()); // used just now, as pruning sees it
      await removeAbandoned(folder);
      await set.refresh();
    } catch (error) {
      await set.close();
      throw storageError('open the feature cache', folder, error);
    }
    return set;
  }

  async #ended(digest: string): Promise<void> {
    this.#open.delete(digest);
    await pruneFeatures(this.root, this.#diskLimit, this.#used).catch(() => {}); // what cannot be removed is no failure of a run
  }
}

/** Removes temporary files, and rows without an index, that nobody has written to for long. */
async function removeAbandoned(folder: string): Promise<void> {
  const names = new Set(await readdir(folder));
  for (const name of names) {
    const unfinished = name.endsWith('.tmp') || (name.endsWith('.bin') && !names.has(indexOf(name)));
    if (!unfinished) continue;
    const path = join(folder, name);
    const written = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Infinity,
    );
    if (Date.now() - written > ABANDONED_MS) await rm(path, { force: true });
  }
}

/** None where another process made room by removing the set. */
function segmentFiles(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

function indexOf(data: string): string {
  return data.replace(/\.bin$/, '.json');
}

class DiskFeatureSet implements FeatureSet {
  /** The number of each sample's row. */
  #rows = new DigestMap();
  #segments: Segment[] = [];
  #count = 0;
  readonly #known = new Set<string>();
  readonly #handles: FileHandle[] = [];
  #inMemory = 0;
  #users = 0;
  #refreshed: Promise<void> = Promise.resolve();

  /** @param ended called, and waited for, when nobody uses the set any more */
  constructor(
    readonly folder: string,
    readonly layout: RowLayout,
    private readonly room: Room,
    private readonly ended: () => Promise<void>,
  ) {}

  /** One more will close it. */
  retain(): void {
    this.#users += 1;
  }

  has(digest: string): boolean {
    return this.#rows.get(digest) !== undefined;
  }

  /** Takes in segments that appeared since the last look. Damaged ones are left out: their rows are computed anew. */
  refresh(): Promise<void> {
    this.#refreshed = this.#refreshed.catch(() => {}).then(() => this.#takeIn());
    return this.#refreshed;
  }

  async #takeIn(): Promise<void> {
    const names = (await segmentFiles(this.folder)).filter((name) => name.endsWith('.json')).sort();
    for (const name of names) {
      if (this.#known.has(name)) continue;
      this.#known.add(name);
      const data = join(this.folder, name.replace(/\.json$/, '.bin'));
      const digests = parseIndex(await readFile(join(this.folder, name), 'utf8'));
      const size = await stat(data).then(
        (found) => found.size,
        () => -1,
      );
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
    const first = this.#count;
    this.#count += digests.length;
    this.#segments.push({ first, source });
    digests.forEach((digest, row) => this.#rows.add(digest, first + row));
  }

  /** Adds a segment. */
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

  async read(
    digests: readonly string[],
    tensors: HostTensors = this.layout.allocate(digests.length),
  ): Promise<HostTensors> {
    await Promise.all(
      digests.map(async (digest, index) => this.layout.unpack(await this.#row(digest), tensors, index)),
    );
    return tensors;
  }

  async #row(digest: string): Promise<Buffer> {
    const number = this.#rows.get(digest);
    if (number === undefined) throw new RangeError(`No cached features for sample ${digest}.`);
    const { first, source } = this.#segmentOf(number);
    const { bytes } = this.layout;
    const start = (number - first) * bytes;
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

  /** The last of the segments that begin at this row or before. */
  #segmentOf(row: number): Segment {
    let [low, high] = [0, this.#segments.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#segments[middle]!.first <= row) low = middle;
      else high = middle;
    }
    return this.#segments[low]!;
  }

  /** Gives back memory and file handles when all who opened the set have closed it. */
  async close(): Promise<void> {
    this.#users -= 1;
    if (this.#users > 0) return;
    const ended = this.ended(); // at once: whoever opens the set from here on gets another
    this.#rows = new DigestMap();
    this.#segments = [];
    this.room.bytes += this.#inMemory;
    this.#inMemory = 0;
    for (const handle of this.#handles.splice(0)) await handle.close();
    await ended;
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
