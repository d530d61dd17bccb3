import { stat } from 'node:fs/promises';
import { shown, storageError } from '@headstart/artifacts/errors';
import { repeatedName } from './repeated-name.ts';
import {
  checkpointInvalid,
  ELEMENT_BYTES,
  elementCount,
  littleEndianValues,
  readRange,
  type StoredDtype,
  type StoredTensor,
} from './stored-tensor.ts';

/** A safetensors file whose header was read; a tensor's values are read when asked for. */
export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  /** In the order of the header. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

const MAX_HEADER = 100_000_000;

interface Placed {
  name: string;
  dtype: StoredDtype;
  shape: number[];
  begin: number;
  end: number;
}

/**
 * Opens a safetensors file: eight bytes of header length (little-endian), a JSON header, then the tensors'
 * bytes without holes or overlaps. Only the header is read; each tensor reads its own range.
 *
 * Specification: https://huggingface.co/docs/safetensors
 * @throws HeadstartError `checkpoint-invalid` for a file that breaks the format, `storage-*`
 */
export async function readSafetensors(path: string): Promise<Safetensors> {
  const size = await stat(path).then(
    (found) => found.size,
    (cause: unknown) => Promise.reject(storageError('read', path, cause)),
  );
  if (size < 8) throw checkpointInvalid(path, `it has ${size} bytes, fewer than any safetensors file`);
  const prefix = await readRange(path, 0, 8);
  const length = new DataView(prefix.buffer).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER))
    throw checkpointInvalid(path, `it claims a header of ${length} bytes; at most ${MAX_HEADER} are allowed`);
  if (length > BigInt(size - 8))
    throw checkpointInvalid(path, `it claims a header of ${length} bytes but has ${size - 8} after its first eight`);
  const start = 8 + Number(length);
  const header = parseHeader(path, await readRange(path, 8, Number(length)));
  const { __metadata__: metadata, ...entries } = header;
  const placed = Object.entries(entries).map(([name, entry]) => parseEntry(path, name, entry));
  checkLayout(path, placed, size - start);
  return {
    metadata: parseMetadata(path, metadata),
    tensors: new Map(placed.map((tensor) => [tensor.name, storedTensor(path, start, tensor)])),
  };
}

function storedTensor(path: string, start: number, { dtype, shape, begin, end }: Placed): StoredTensor {
  return {
    dtype,
    shape,
    read: async () => littleEndianValues(await readRange(path, start + begin, end - begin), dtype),
  };
}

function parseHeader(path: string, bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw checkpointInvalid(path, 'its header is not JSON', cause);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw checkpointInvalid(path, 'its header is not an object');
  const repeated = repeatedName(text);
  if (repeated !== undefined) throw checkpointInvalid(path, `its header has the name ${shown(repeated)} twice`);
  return header as Record<string, unknown>;
}

function parseMetadata(path: string, metadata: unknown): Record<string, string> {
  if (metadata === undefined) return {};
  const entries =
    typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)
      ? Object.entries(metadata)
      : undefined;
  if (!entries?.every(([, value]) => typeof value === 'string'))
    throw checkpointInvalid(path, 'its metadata is not a map from text to text');
  return Object.fromEntries(entries);
}

function parseEntry(path: string, name: string, entry: unknown): Placed {
  const fail = (why: string) => checkpointInvalid(path, `its tensor "${name}" ${why}`);
  const {
    dtype,
    shape,
    data_offsets: offsets,
  } = (entry ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  if (typeof dtype !== 'string' || !Object.hasOwn(ELEMENT_BYTES, dtype))
    throw fail(`has the type ${shown(dtype)}, which is not one of ${Object.keys(ELEMENT_BYTES).join(', ')}`);
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!Array.isArray(shape) || !shape.every(isCount)) throw fail('has no valid shape');
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) throw fail('has no valid offsets');
  const [begin, end] = offsets as [number, number];
  const bytes = elementCount(shape) * ELEMENT_BYTES[dtype as StoredDtype];
  if (!Number.isSafeInteger(bytes) || end - begin !== bytes)
    throw fail(`needs ${bytes} bytes for its shape ${shown(shape)} but claims bytes ${begin} to ${end}`);
  return { name, dtype: dtype as StoredDtype, shape, begin, end };
}

/** Tensors follow one another from the first byte to the last: no hole, no overlap, nothing beyond the end. */
function checkLayout(path: string, placed: readonly Placed[], size: number): void {
  let at = 0;
  for (const { name, begin, end } of [...placed].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at)
      throw checkpointInvalid(
        path,
        `its tensor "${name}" starts at byte ${begin}, ${begin > at ? 'leaving a hole after' : 'overlapping what ends at'} byte ${at}`,
      );
    at = end;
  }
  if (at !== size) throw checkpointInvalid(path, `its tensors take ${at} bytes where the file has ${size}`);
}
