import { checkpointInvalid, readRange } from '@headstart/core/formats';
import { BLOCK_BYTES, BLOCK_VALUES } from './q4-blocks.ts';

/** How a tensor's values lie in the file. */
export type Packing = 'float32' | 'q4';

export interface DirectoryEntry {
  readonly packing: Packing;
  /** How many values it has. */
  readonly values: number;
  readonly start: number;
  readonly bytes: number;
}

const PACKINGS: readonly Packing[] = ['float32', 'q4'];
const MOST_TENSORS = 10_000;
/** A name's length, its type, and three numbers of 4, 8 and 8 bytes. */
const ENTRY_BYTES = 2 + 1 + 4 + 8 + 8;
const LONGEST_NAME = 255;

/**
 * The directory of tensors at `at`, by name: every entry inside the file, behind the directory and of its values' size.
 * @param size of the file, in bytes
 * @throws HeadstartError `checkpoint-invalid`, `storage-*`
 */
export async function readDirectory(path: string, at: number, size: number): Promise<Map<string, DirectoryEntry>> {
  if (at + 4 > size) throw checkpointInvalid(path, `its directory would begin at byte ${at} of ${size}`);
  const count = new DataView((await readRange(path, at, 4)).buffer).getInt32(0, true);
  if (count < 1 || count > MOST_TENSORS) throw checkpointInvalid(path, `it claims ${count} tensors`);
  const window = Math.min(size - at - 4, count * (ENTRY_BYTES + LONGEST_NAME));
  const bytes = await readRange(path, at + 4, window);
  const view = new DataView(bytes.buffer);
  const entries = new Map<string, DirectoryEntry>();
  let next = 0;
  for (let i = 0; i < count; i++) {
    const length = next + 2 <= window ? view.getUint16(next, true) : LONGEST_NAME;
    if (length > LONGEST_NAME || next + length + ENTRY_BYTES > window)
      throw checkpointInvalid(path, `its directory breaks off at tensor ${i + 1} of ${count}`);
    const name = String.fromCharCode(...bytes.subarray(next + 2, next + 2 + length));
    next += 2 + length;
    if (entries.has(name)) throw checkpointInvalid(path, `it holds the tensor ${JSON.stringify(name)} twice`);
    entries.set(name, readEntry(path, name, view, next));
    next += ENTRY_BYTES - 2;
  }
  checkPlaces(path, entries, at + 4 + next, size);
  return entries;
}

function readEntry(path: string, name: string, view: DataView, at: number): DirectoryEntry {
  const packing = PACKINGS[view.getUint8(at)];
  const values = view.getUint32(at + 1, true);
  const start = view.getBigUint64(at + 5, true);
  const bytes = view.getBigUint64(at + 13, true);
  const tensor = `its tensor ${JSON.stringify(name)}`;
  if (!packing) throw checkpointInvalid(path, `${tensor} is of the unknown type ${view.getUint8(at)}`);
  const needed = packing === 'q4' ? (values / BLOCK_VALUES) * BLOCK_BYTES : 4 * values;
  if (!Number.isInteger(needed) || bytes !== BigInt(needed))
    throw checkpointInvalid(path, `${tensor} has ${bytes} bytes for ${values} values of type ${packing}`);
  if (start > BigInt(Number.MAX_SAFE_INTEGER)) throw checkpointInvalid(path, `${tensor} begins at byte ${start}`);
  return { packing, values, start: Number(start), bytes: needed };
}

/** No tensor lies in the header, in another, or beyond the end. */
function checkPlaces(path: string, entries: ReadonlyMap<string, DirectoryEntry>, from: number, size: number): void {
  let end = from;
  for (const [name, { start, bytes }] of [...entries].sort(([, a], [, b]) => a.start - b.start)) {
    if (start < end || start + bytes > size)
      throw checkpointInvalid(
        path,
        `its tensor ${JSON.stringify(name)} claims bytes ${start} to ${start + bytes}, where ${end} to ${size} are free`,
      );
    end = start + bytes;
  }
}
