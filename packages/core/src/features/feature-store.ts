import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomic } from '../artifacts/atomic-file.ts';
import { storageError } from '../errors/storage-error.ts';
import type { HostTensors } from '../models/tensors.ts';
import { featureKeyDigest, type FeatureKey } from './feature-key.ts';
import { RowLayout } from './row-layout.ts';

/** Rows held in memory rather than read from disk, in bytes. */
const MEMORY_LIMIT = 128 * 2 ** 20;

interface Segment {
  readonly rows: number;
  /** The rows in memory, or a handle to read them with. */
  readonly source: Buffer | FileHandle;
}

/**
 * Outputs of frozen prefixes on disk, a row a sample, found by the digest of the sample's content:
 * another split, seed or strategy, and a data set that grew, reuse what is there.
 *
 * A set is a folder of segments. A segment is written beside its final name and renamed, its index
 * last, so that a reader sees whole segments only and processes can share the folder.
 */
export class FeatureStore {
  constructor(readonly root: string) {}

  async open(key: FeatureKey): Promise<FeatureSet> {
    const digest = featureKeyDigest(key);
    const folder = join(this.root, digest.slice(0, 2), digest);
    try {
      await mkdir(folder, { recursive: true });
    } catch (error) {
      throw storageError('create the feature cache', folder, error);
    }
    const set = new FeatureSet(folder, new RowLayout(key.row));
    await set.refresh();
    return set;
  }
}

/** The cached rows of one prefix over one kind of view. */
export class FeatureSet {
  readonly #rows = new Map<string, { segment: Segment; row: number }>();
  readonly #known = new Set<string>();
  #inMemory = 0;

  constructor(
    readonly folder: string,
    readonly layout: RowLayout,
  ) {}

  has(digest: string): boolean {
    return this.#rows.has(digest);
  }

  /** Takes in segments that appeared since the last look. */
  async refresh(): Promise<void> {
    const names = (await readdir(this.folder)).filter((name) => name.endsWith('.json')).sort();
    for (const name of names) {
      if (this.#known.has(name)) continue;
      this.#known.add(name);
      const data = join(this.folder, name.replace(/\.json$/, '.bin'));
      const digests = JSON.parse(await readFile(join(this.folder, name), 'utf8')) as string[];
      const size = await stat(data).then((found) => found.size, () => -1);
      if (size !== digests.length * this.layout.bytes) continue; // damaged: those rows are computed anew
      await this.#admit(data, digests, size);
    }
  }

  async #admit(path: string, digests: readonly string[], size: number): Promise<void> {
    const fits = this.#inMemory + size <= MEMORY_LIMIT;
    const segment: Segment = { rows: digests.length, source: fits ? await readFile(path) : await open(path, 'r') };
    if (fits) this.#inMemory += size;
    digests.forEach((digest, row) => {
      if (!this.#rows.has(digest)) this.#rows.set(digest, { segment, row });
    });
  }

  /** Adds a segment. @throws HeadstartError `storage-*`; nothing is left half-written */
  async append(digests: readonly string[], rows: readonly Buffer[]): Promise<void> {
    const name = `${Date.now().toString(36)}-${randomBytes(6).toString('hex')}`;
    const data = join(this.folder, `${name}.bin`);
    const index = join(this.folder, `${name}.json`);
    try {
      await writeAtomic(data, async (file) => {
        for (const chunk of rows) await file.write(chunk);
      });
      await writeAtomic(index, JSON.stringify(digests));
    } catch (error) {
      await rm(data, { force: true });
      throw error;
    }
    this.#known.add(`${name}.json`);
    await this.#admit(data, digests, digests.length * this.layout.bytes);
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
    const start = place.row * this.layout.bytes;
    if (Buffer.isBuffer(source)) return source.subarray(start, start + this.layout.bytes);
    const { buffer } = await source.read(Buffer.allocUnsafe(this.layout.bytes), 0, this.layout.bytes, start);
    return buffer;
  }

  async close(): Promise<void> {
    const handles = new Set([...this.#rows.values()].map(({ segment }) => segment.source));
    this.#rows.clear();
    for (const handle of handles) if (!Buffer.isBuffer(handle)) await handle.close();
  }
}
