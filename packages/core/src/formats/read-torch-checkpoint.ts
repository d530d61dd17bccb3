import { crc32 } from 'node:zlib';
import { stat } from 'node:fs/promises';
import { HeadstartError, storageError } from '@headstart/artifacts/errors';
import { PickleExternal, PickleTuple, type PickleValue } from './pickle-values.ts';
import { InvalidPickle } from './pickle-bytes.ts';
import { UnsafePickle } from './read-pickle.ts';
import {
  checkpointInvalid,
  decodeValues,
  ELEMENT_BYTES,
  elementCount,
  readRange,
  toHostOrder,
  type StoredTensor,
} from './stored-tensor.ts';
import { readLegacyCheckpoint } from './torch-legacy.ts';
import { isContiguous, lastElement, TorchTensor } from './torch-tensors.ts';
import { readZipCheckpoint } from './torch-zip.ts';

/** What both file formats come down to. */
export interface TorchFile {
  value: PickleValue;
  /** Where each storage's elements start in the file, by the storage's key. */
  starts: ReadonlyMap<string, number>;
  order: 'little' | 'big';
  /** Of each storage, by its key, where the file states it. */
  sums?: ReadonlyMap<string, StorageSum>;
}

/** What a file says of the bytes of a storage. */
export interface StorageSum {
  readonly bytes: number;
  readonly crc32: number;
  /** Whether the storage was held against it. */
  checked: boolean;
}

const MAX_DEPTH = 64;
const MAX_VISITS = 1_000_000;
const MAX_NAME = 4096;

/**
 * Opens a file written by `torch.save`, of the zip format or the older one. Nothing in it is executed: of its
 * pickle only tensors and containers are understood, and anything else is refused. Nested dicts
 * and lists give names joined by dots (`state_dict.conv.weight`); what is not a tensor is left out. Only the
 * structure is read; each tensor reads its own range and honours its strides.
 *
 * @throws HeadstartError `checkpoint-unsafe` naming what the pickle asked for, `checkpoint-invalid`, `storage-*`
 */
export async function readTorchCheckpoint(path: string): Promise<ReadonlyMap<string, StoredTensor>> {
  const size = await stat(path).then(
    (found) => found.size,
    (cause: unknown) => Promise.reject(storageError('read', path, cause)),
  );
  const magic = await readRange(path, 0, Math.min(size, 2));
  const isZip = magic[0] === 0x50 && magic[1] === 0x4b;
  try {
    const file = await (isZip ? readZipCheckpoint(path) : readLegacyCheckpoint(path, size));
    const tensors = new Map<string, StoredTensor>();
    collect(file.value, '', 0, { tensors, file, path, visits: 0 });
    if (tensors.size === 0) throw new InvalidPickle('it holds no tensor');
    return tensors;
  } catch (cause) {
    if (cause instanceof UnsafePickle) {
      throw new HeadstartError({
        code: 'checkpoint-unsafe',
        message: `${path} was refused: its pickle asks for ${cause.what}, which is not a tensor or container. Nothing of it was run.`,
        hint: 'Do not load it with tools that execute pickles unless you trust who made it; ask for the weights as safetensors, or convert them on a machine set apart.',
        cause,
      });
    }
    if (cause instanceof InvalidPickle) throw checkpointInvalid(path, cause.message, cause);
    throw cause;
  }
}

interface Collecting {
  tensors: Map<string, StoredTensor>;
  file: TorchFile;
  path: string;
  visits: number;
}

/** Walks containers. The bounds stop containers that hold themselves, or one another over and over. */
function collect(value: PickleValue, name: string, depth: number, into: Collecting): void {
  if (++into.visits > MAX_VISITS || depth > MAX_DEPTH || name.length > MAX_NAME)
    throw new InvalidPickle('its containers are nested beyond all bounds');
  const inside = (key: string | number) => (name === '' ? String(key) : `${name}.${key}`);
  if (value instanceof Map) {
    for (const [key, item] of value) {
      if (typeof key === 'string' || typeof key === 'number') collect(item, inside(key), depth + 1, into);
    }
  } else if (Array.isArray(value) || value instanceof PickleTuple) {
    const items: readonly PickleValue[] = value instanceof PickleTuple ? value.items : value;
    items.forEach((item, index) => collect(item, inside(index), depth + 1, into));
  } else if (value instanceof PickleExternal && value.value instanceof TorchTensor) {
    if (into.tensors.has(name)) throw new InvalidPickle(`two of its tensors are called "${name}"`);
    into.tensors.set(name, storedTensor(into.path, into.file, value.value));
  }
}

function storedTensor(path: string, { starts, order, sums }: TorchFile, tensor: TorchTensor): StoredTensor {
  const { storage, offset, shape } = tensor;
  const { dtype } = storage;
  const bytesEach = ELEMENT_BYTES[dtype];
  const start = starts.get(storage.key);
  if (start === undefined) throw new InvalidPickle(`storage ${storage.key} is missing`);
  return {
    dtype,
    shape,
    async read() {
      const span = await readRange(path, start + offset * bytesEach, (lastElement(tensor) - offset + 1) * bytesEach);
      await checkStorage(path, start, { sum: sums?.get(storage.key), key: storage.key, span });
      const bytes = isContiguous(tensor) ? span : gather(span, tensor, bytesEach);
      toHostOrder(bytes, bytesEach, order);
      return decodeValues(bytes, dtype);
    },
  };
}

/**
 * Holds a storage against its checksum, once.
 * @param span what was read of it: all of it, mostly
 * @throws HeadstartError `checkpoint-invalid`
 */
async function checkStorage(
  path: string,
  start: number,
  { sum, key, span }: { readonly sum?: StorageSum; readonly key: string; readonly span: Uint8Array },
): Promise<void> {
  if (!sum || sum.checked) return;
  const whole = span.length === sum.bytes ? span : await readRange(path, start, sum.bytes);
  if (crc32(whole) !== sum.crc32)
    throw checkpointInvalid(path, `storage ${key} is damaged: its checksum is another one`);
  sum.checked = true;
}

/** Brings strided elements into row-major order. `span` starts at the tensor's first element. */
function gather(span: Uint8Array, { shape, strides }: TorchTensor, bytesEach: number): Uint8Array {
  const count = elementCount(shape);
  const out = new Uint8Array(count * bytesEach);
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let i = 0; i < count; i++) {
    for (let b = 0; b < bytesEach; b++) out[i * bytesEach + b] = span[from * bytesEach + b]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}
