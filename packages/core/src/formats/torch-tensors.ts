import { PickleExternal, PickleGlobal, PickleTuple, type PickleValue } from './pickle-values.ts';
import { InvalidPickle } from './pickle-bytes.ts';
import { UnsafePickle, type PickleRules } from './read-pickle.ts';
import { ELEMENT_BYTES, elementCount, type StoredDtype } from './stored-tensor.ts';

/** A run of elements in the file that tensors are views of. */
export class TorchStorage {
  readonly key: string;
  readonly dtype: StoredDtype;
  readonly length: number;
  constructor(key: string, dtype: StoredDtype, length: number) {
    this.key = key;
    this.dtype = dtype;
    this.length = length;
  }
}

/** A strided view of a storage. Offset and strides count elements. */
export class TorchTensor {
  readonly storage: TorchStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  constructor(storage: TorchStorage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

const STORAGES: Readonly<Record<string, StoredDtype>> = {
  'torch.DoubleStorage': 'F64',
  'torch.FloatStorage': 'F32',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
};

const CALLS: Readonly<Record<string, (args: readonly PickleValue[]) => PickleValue>> = {
  'collections.OrderedDict': orderedDict,
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_parameter': ([tensor]) => {
    if (!(tensor instanceof PickleExternal && tensor.value instanceof TorchTensor))
      throw new InvalidPickle('it makes a parameter of something that is not a tensor');
    return tensor;
  },
  'torch.Size': ([sizes]) => sizes ?? new PickleTuple([]),
  'torch.device': (args) => args.filter((arg) => typeof arg === 'string' || typeof arg === 'number').join(':'),
};

/** Views may overlap (a stride of zero repeats a value), but not so as to fill the memory. */
const MAX_REPEATED = 2 ** 24;
const MAX_RANK = 64;

/** What a checkpoint's pickle may say: tensors, their storages, and containers. `storages` collects what it mentions. */
export function torchRules(storages: Map<string, TorchStorage>): PickleRules {
  let copied = 0;
  return {
    globals: new Set([...Object.keys(STORAGES), ...Object.keys(CALLS)]),
    call(name, args) {
      const call = CALLS[name];
      if (!call) throw new UnsafePickle(`a call of ${name}`);
      copied += itemsIn(args[0]);
      if (copied > MAX_COPIED) throw new InvalidPickle(`its calls take more than ${MAX_COPIED} items`);
      return call(args);
    },
    persistent(id) {
      const storage = storageOf(id);
      const known = storages.get(storage.key);
      if (known && (known.dtype !== storage.dtype || known.length !== storage.length))
        throw new InvalidPickle(`it describes storage ${storage.key} in two ways`);
      storages.set(storage.key, known ?? storage);
      return new PickleExternal(known ?? storage);
    },
  };
}

/** What a call may copy: a list can be the argument of any number of calls. */
const MAX_COPIED = 1_000_000;

function itemsIn(value: PickleValue | undefined): number {
  return Array.isArray(value) ? value.length : value instanceof PickleTuple ? value.items.length : 0;
}

function orderedDict([items]: readonly PickleValue[]): PickleValue {
  const dict = new Map<PickleValue, PickleValue>();
  if (items === undefined) return dict;
  const pairs = items instanceof PickleTuple ? items.items : items;
  if (!Array.isArray(pairs)) throw new InvalidPickle('it makes an ordered dict of something that is not a list');
  for (const pair of pairs as readonly PickleValue[]) {
    const parts = pair instanceof PickleTuple ? pair.items : pair;
    if (!Array.isArray(parts) || parts.length !== 2)
      throw new InvalidPickle('it makes an ordered dict of something other than pairs');
    dict.set((parts as PickleValue[])[0]!, (parts as PickleValue[])[1]!);
  }
  return dict;
}

/** `('storage', type, key, location, length[, view])` */
function storageOf(id: PickleValue): TorchStorage {
  const [kind, type, key, , length, view] = id instanceof PickleTuple ? id.items : [];
  const dtype = type instanceof PickleGlobal ? STORAGES[type.name] : undefined;
  if (kind !== 'storage' || !dtype || typeof key !== 'string' || !isCount(length))
    throw new InvalidPickle('it refers to something other than a storage of a known type');
  if (view !== undefined && view !== null)
    throw new InvalidPickle('it uses views of storages, which PyTorch has not written since 0.4');
  return new TorchStorage(key, dtype, length);
}

function rebuildTensor([storage, offset, sizes, strides]: readonly PickleValue[]): PickleValue {
  if (!(storage instanceof PickleExternal && storage.value instanceof TorchStorage))
    throw new InvalidPickle('it makes a tensor of something that is not a storage');
  const shape = counts(sizes);
  const steps = counts(strides);
  if (!isCount(offset) || !shape || !steps || shape.length !== steps.length)
    throw new InvalidPickle('it makes a tensor without valid sizes and strides');
  const tensor = new TorchTensor(storage.value, offset, shape, steps);
  const { length, key } = storage.value;
  const last = lastElement(tensor);
  const size = elementCount(shape);
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(last) || last >= length) {
    throw new InvalidPickle(
      `it places a tensor of shape [${shape.join(', ')}] beyond the ${length} elements of storage ${key}`,
    );
  }
  if (size > length && size > MAX_REPEATED)
    throw new InvalidPickle(`it repeats the ${length} elements of storage ${key} into ${size}`);
  return new PickleExternal(tensor);
}

/** Index in the storage of the tensor's last element; one before the offset where it has none. */
export function lastElement({ offset, shape, strides }: TorchTensor): number {
  if (shape.includes(0)) return offset - 1;
  return shape.reduce((at, size, axis) => at + (size - 1) * strides[axis]!, offset);
}

/** Whether the elements lie one after another in row-major order. */
export function isContiguous({ shape, strides }: TorchTensor): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

function counts(value: PickleValue | undefined): number[] | undefined {
  const items = value instanceof PickleTuple ? value.items : value;
  return Array.isArray(items) && items.length <= MAX_RANK && items.every(isCount) ? items : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Bytes of a storage in the file. */
export function storageBytes({ dtype, length }: TorchStorage): number {
  return length * ELEMENT_BYTES[dtype];
}
