import { InvalidPickle, PickleEnds } from './pickle-bytes.ts';
import { readPickle } from './read-pickle.ts';
import type { PickleValue } from './pickle-values.ts';
import type { TorchFile } from './read-torch-checkpoint.ts';
import { readRange } from './stored-tensor.ts';
import { storageBytes, torchRules, type TorchStorage } from './torch-tensors.ts';

/** First pickle of such a file (torch/serialization.py, MAGIC_NUMBER). */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;
const FIRST_WINDOW = 2 ** 20;
const MAX_PICKLE = 2 ** 26;

/**
 * The format before PyTorch 1.6: pickles of a magic number, a protocol number, facts about the system, the
 * object and the list of storage keys, then each storage as its length (int64) and its elements.
 */
export async function readLegacyCheckpoint(path: string, size: number): Promise<TorchFile> {
  for (let window = Math.min(size, FIRST_WINDOW); ; window = Math.min(size, window * 4, MAX_PICKLE)) {
    const head = await readRange(path, 0, window);
    try {
      return await readFrom(path, head, size);
    } catch (error) {
      // The pickles may reach beyond the part that has been read.
      if (!(error instanceof PickleEnds) || window === size) throw error;
      if (window === MAX_PICKLE) throw new InvalidPickle(`its structure takes more than ${MAX_PICKLE} bytes`);
    }
  }
}

async function readFrom(path: string, head: Uint8Array, size: number): Promise<TorchFile> {
  const storages = new Map<string, TorchStorage>();
  const rules = torchRules(storages);
  let at = 0;
  const next = (): PickleValue => {
    const { value, end } = readPickle(head, at, rules);
    at = end;
    return value;
  };
  if (next() !== MAGIC) throw new InvalidPickle('it does not start like a file of torch.save');
  if (next() !== PROTOCOL) throw new InvalidPickle('its protocol is not the one known here (1001)');
  const system = next();
  const order = system instanceof Map && system.get('little_endian') === false ? 'big' : 'little';
  const value = next();
  const keys = next();
  if (!Array.isArray(keys)) throw new InvalidPickle('it has no list of storages');
  const starts = new Map<string, number>();
  for (const key of keys) {
    if (typeof key !== 'string') throw new InvalidPickle('its list of storages holds something that is not a name');
    const storage = storages.get(key);
    if (!storage || starts.has(key))
      throw new InvalidPickle(`its list of storages names "${key}", which no tensor uses or which it has named before`);
    if (at + 8 > size) throw new InvalidPickle(`it ends before storage ${storage.key}`);
    const prefix = await readRange(path, at, 8);
    const length = new DataView(prefix.buffer).getBigInt64(0, order === 'little');
    if (length !== BigInt(storage.length))
      throw new InvalidPickle(`storage ${storage.key} has ${length} elements where ${storage.length} are described`);
    starts.set(storage.key, at + 8);
    at += 8 + storageBytes(storage);
    if (at > size)
      throw new InvalidPickle(`it ends at byte ${size}, inside storage ${storage.key}, which reaches to byte ${at}`);
  }
  return { value, starts, order };
}
