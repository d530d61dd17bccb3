import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { writeAtomic } from '@headstart/artifacts/storage';
import { HeadstartError, storageError } from '@headstart/artifacts/errors';
import type { HostTensors } from '../network/tensors.ts';
import { DigestMap } from './digest-map.ts';
import type { FeatureSet } from './feature-store.ts';
import type { RowLayout } from './row-layout.ts';
import { ifThere, leaveOut, removeSegment } from './segment-files.ts';
import { indexOf, indexText, LEFT_OUT, parseIndex, type SegmentIndex } from './segment-index.ts';

interface Segment {
  /** The number of its first row: rows are numbered through all segments of a set. */
  readonly first: number;
  /** The file of the rows. */
  readonly path: string;
  /** The rows in memory, or a handle to read them with. */
  readonly source: Buffer | FileHandle;
  readonly checksums: Uint32Array;
  /** Of each row one of `UNCHECKED`, `WHOLE` and `DAMAGED`. */
  readonly states: Uint8Array;
}

const UNCHECKED = 0;
const WHOLE = 1;
/** It is not as it was stored, and not used any more. */
const DAMAGED = 2;

/** A row of a segment. */
interface Place {
  readonly segment: Segment;
  readonly row: number;
}

/** Bytes of memory that sets may still take. */
export interface Room {
  bytes: number;
}

/** Rows that are read from disk at once. */
const READ_AT_ONCE = 64;

/** One set of a `DiskFeatureStore`: the rows under one key. */
export class DiskFeatureSet implements FeatureSet {
  /** The number of each sample's row. */
  #rows = new DigestMap();
  #segments: Segment[] = [];
  #count = 0;
  readonly #known = new Set<string>();
  readonly #handles: FileHandle[] = [];
  #inMemory = 0;
  /** Rows that were found damaged and not yet told. */
  #lost = 0;
  #users = 0;
  #warned = false;
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
    return this.#place(digest) !== undefined;
  }

  /** Where a sample's row lies. */
  #place(digest: string): Place | undefined {
    const number = this.#rows.get(digest);
    if (number === undefined) return undefined;
    const segment = this.#segmentOf(number);
    const row = number - segment.first;
    return segment.states[row] === DAMAGED ? undefined : { segment, row };
  }

  async check(digests: readonly string[]): Promise<number> {
    const damaged = new Set<Segment>();
    const hold = (place: Place, bytes: Buffer) => {
      if (!this.#hold(place, bytes)) damaged.add(place.segment);
    };
    const onDisk: Place[] = [];
    for (const digest of digests) {
      const place = this.#place(digest);
      if (!place || place.segment.states[place.row] === WHOLE) continue;
      if (Buffer.isBuffer(place.segment.source)) hold(place, this.#slice(place.segment.source, place.row));
      else onDisk.push(place);
    }
    for (let i = 0; i < onDisk.length; i += READ_AT_ONCE)
      await Promise.all(
        onDisk.slice(i, i + READ_AT_ONCE).map(async (place) => hold(place, await this.#bytesOf(place))),
      );
    for (const segment of damaged) await this.#leaveOut(segment);
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }

  /** Holds a row's bytes against its checksum, and notes whether they are as they were stored. */
  #hold({ segment, row }: Place, bytes: Buffer): boolean {
    const whole = crc32(bytes) === segment.checksums[row];
    if (!whole && segment.states[row] !== DAMAGED) this.#lost += 1;
    segment.states[row] = whole ? WHOLE : DAMAGED;
    return whole;
  }

  /** Has nobody find the damaged rows of a segment any more. */
  async #leaveOut({ path, states }: Segment): Promise<void> {
    await leaveOut(
      path,
      Array.from(states, (state) => state === DAMAGED),
    );
  }

  /** Removes a segment whose rows cannot be told apart. */
  async #remove(path: string, rows: number): Promise<void> {
    this.#lost += rows;
    await removeSegment(path);
  }

  /** Takes in segments that appeared since the last look. Damaged ones are left out: their rows are computed anew. */
  refresh(): Promise<void> {
    this.#refreshed = this.#refreshed.catch(() => {}).then(() => this.#takeIn());
    return this.#refreshed;
  }

  async #takeIn(): Promise<void> {
    const names = ((await ifThere(readdir(this.folder))) ?? []).filter((name) => name.endsWith('.json')).sort();
    for (const name of names) {
      if (this.#known.has(name)) continue;
      this.#known.add(name);
      const data = join(this.folder, name.replace(/\.json$/, '.bin'));
      const text = await ifThere(readFile(join(this.folder, name), 'utf8'));
      const size = (await ifThere(stat(data)))?.size;
      if (text === undefined || size === undefined) continue;
      const index = parseIndex(text);
      if (index && size === index.digests.length * this.layout.bytes) await this.#admit(data, index);
      else await this.#remove(data, index?.digests.length ?? Math.max(1, Math.ceil(size / this.layout.bytes)));
    }
  }

  /** @returns false where another process has removed it */
  async #admit(path: string, { digests, checksums }: SegmentIndex): Promise<boolean> {
    const size = digests.length * this.layout.bytes;
    const inMemory = size <= this.room.bytes ? size : 0;
    this.room.bytes -= inMemory;
    this.#inMemory += inMemory;
    const source = await ifThere<Segment['source']>(inMemory > 0 ? readFile(path) : open(path, 'r'));
    if (source === undefined) return false;
    if (!Buffer.isBuffer(source)) this.#handles.push(source);
    this.#include(path, { digests, checksums }, source);
    return true;
  }

  #include(path: string, { digests, checksums }: SegmentIndex, source: Segment['source']): void {
    const first = this.#count;
    this.#count += digests.length;
    this.#segments.push({ first, path, source, checksums, states: new Uint8Array(digests.length).fill(UNCHECKED) });
    digests.forEach((digest, row) => {
      if (digest === LEFT_OUT) return;
      if (!this.#rows.add(digest, first + row) && !this.has(digest)) this.#rows.change(digest, first + row);
    });
  }

  /** Adds a segment: to the folder, or to memory alone where nothing may be written there. */
  async append(digests: readonly string[], rows: readonly Buffer[]): Promise<void> {
    const name = `${Date.now().toString(36)}-${randomBytes(6).toString('hex')}`;
    const data = join(this.folder, `${name}.bin`);
    const index = indexOf(digests, rows, this.layout.bytes);
    try {
      await writeAtomic(data, async (file) => {
        for (const chunk of rows) await file.writeFile(chunk); // unlike write(), all of it or an error
      });
      await writeAtomic(join(this.folder, `${name}.json`), indexText(index));
    } catch (error) {
      await rm(data, { force: true }).catch(() => {});
      if (!HeadstartError.is(error) || error.code !== 'storage-denied') throw error;
      this.#warnOfReading(error);
      this.#include(data, index, Buffer.concat(rows));
      return;
    }
    this.#known.add(`${name}.json`);
    try {
      if (!(await this.#admit(data, index))) this.#include(data, index, Buffer.concat(rows));
    } catch (error) {
      throw storageError('read', data, error);
    }
  }

  #warnOfReading({ message }: HeadstartError): void {
    if (this.#warned) return;
    this.#warned = true;
    process.emitWarning(`${message} Features are kept in memory, and computed anew by the next run.`, {
      type: 'HeadstartWarning',
      code: 'FEATURES_NOT_KEPT',
    });
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
    const place = this.#place(digest);
    if (!place) throw new RangeError(`No cached features for sample ${digest}.`);
    const { segment, row } = place;
    // What is in memory was checked there; what lies on disk is read anew each time.
    if (Buffer.isBuffer(segment.source)) return this.#slice(segment.source, row);
    const bytes = await this.#bytesOf(place);
    if (this.#hold(place, bytes)) return bytes;
    await this.#leaveOut(segment);
    throw damaged(this.folder);
  }

  #slice(rows: Buffer, row: number): Buffer {
    const { bytes } = this.layout;
    return rows.subarray(row * bytes, (row + 1) * bytes);
  }

  async #bytesOf({ segment: { source }, row: place }: Place): Promise<Buffer> {
    if (Buffer.isBuffer(source)) return this.#slice(source, place);
    const { bytes } = this.layout;
    const start = place * bytes;
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

function truncated(folder: string): HeadstartError {
  return new HeadstartError({
    code: 'storage-failed',
    message: `The feature cache ${folder} became shorter while it was read.`,
    hint: 'Run again; what is missing is computed anew.',
  });
}

function damaged(folder: string): HeadstartError {
  return new HeadstartError({
    code: 'storage-failed',
    message: `A row of the feature cache ${folder} is not as it was stored.`,
    hint: 'Run again; what is damaged is computed anew. Check the disk if it happens once more.',
  });
}
