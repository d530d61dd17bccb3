import { openToRead } from '@headstart/artifacts/storage';
import { endianness } from 'node:os';
import { HeadstartError, storageError } from '@headstart/artifacts/errors';

/** Element types of stored tensors, by the names that safetensors gives them. */
export type StoredDtype = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'I16' | 'I8' | 'U8' | 'BOOL';

/** Values of a stored tensor, row-major. F16 and BF16 come as their exact float32 values, BOOL as 0 and 1. */
export type StoredValues =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint8Array;

/** A tensor in a file of weights. Its bytes are read when asked for. */
export interface StoredTensor {
  readonly dtype: StoredDtype;
  /** `[]` for a scalar. */
  readonly shape: readonly number[];
  /** @throws HeadstartError `storage-*`, `checkpoint-invalid` */
  read(): Promise<StoredValues>;
}

/** Bytes of one element in a file. */
export const ELEMENT_BYTES: Readonly<Record<StoredDtype, 1 | 2 | 4 | 8>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

/** The error for a file of weights that cannot be what it claims to be. */
export function checkpointInvalid(path: string, why: string, cause?: unknown): HeadstartError {
  return new HeadstartError({
    code: 'checkpoint-invalid',
    message: `${path} cannot be read as a file of weights: ${why}.`,
    hint: 'The file is damaged, incomplete or of another format; fetch or save it again.',
    cause,
  });
}

/** Product of the sizes of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** `length` bytes of a file from `start` on. @throws HeadstartError `checkpoint-invalid` for a shorter file, `storage-*` */
export async function readRange(path: string, start: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  try {
    const handle = await openToRead(path);
    try {
      let done = 0;
      while (done < length) {
        const { bytesRead } = await handle.read(bytes, done, Math.min(length - done, 2 ** 30), start + done);
        if (bytesRead === 0)
          throw checkpointInvalid(path, `it ends at byte ${start + done} where ${start + length} are needed`);
        done += bytesRead;
      }
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw storageError('read', path, cause);
  }
  return bytes;
}

const HOST_IS_LITTLE = endianness() === 'LE';

/** Turns the bytes of elements of `size` bytes from the given order into this machine's, in place. */
export function toHostOrder(bytes: Uint8Array, size: 1 | 2 | 4 | 8, order: 'little' | 'big' = 'little'): void {
  if (size === 1 || (order === 'little') === HOST_IS_LITTLE) return;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else buffer.swap64();
}

/** The values of a tensor's bytes in little-endian order, which take their whole buffer and are changed where this machine's order is another. */
export function littleEndianValues(bytes: Uint8Array, dtype: StoredDtype): StoredValues {
  toHostOrder(bytes, ELEMENT_BYTES[dtype]);
  return decodeValues(bytes, dtype);
}

/** The values behind bytes in this machine's order. `bytes` must own its buffer from offset 0. */
export function decodeValues(bytes: Uint8Array, dtype: StoredDtype): StoredValues {
  const { buffer } = bytes;
  switch (dtype) {
    case 'F64':
      return new Float64Array(buffer);
    case 'F32':
      return new Float32Array(buffer);
    case 'F16':
      return decodeHalf(new Uint16Array(buffer));
    case 'BF16':
      return decodeBrain(new Uint16Array(buffer));
    case 'I64':
      return new BigInt64Array(buffer);
    case 'I32':
      return new Int32Array(buffer);
    case 'I16':
      return new Int16Array(buffer);
    case 'I8':
      return new Int8Array(buffer);
    case 'U8':
    case 'BOOL':
      return bytes;
  }
}

/** IEEE 754 binary16 to binary32, exact for every pattern: subnormals, infinities and NaN included. */
function decodeHalf(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i]!;
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 0x1f;
    let fraction = half & 0x3ff;
    if (exponent === 0x1f) {
      bits[i] = sign | 0x7f800000 | (fraction << 13);
    } else if (exponent !== 0) {
      bits[i] = sign | ((exponent + 112) << 23) | (fraction << 13);
    } else if (fraction === 0) {
      bits[i] = sign;
    } else {
      // A subnormal has a leading one somewhere: shift it to the place that binary32 leaves implicit.
      const shift = Math.clz32(fraction) - 21;
      fraction = (fraction << shift) & 0x3ff;
      bits[i] = sign | ((113 - shift) << 23) | (fraction << 13);
    }
  }
  return new Float32Array(bits.buffer);
}

/** bfloat16 is the upper half of binary32. */
function decodeBrain(brains: Uint16Array): Float32Array {
  const bits = new Uint32Array(brains.length);
  for (let i = 0; i < brains.length; i++) bits[i] = brains[i]! << 16;
  return new Float32Array(bits.buffer);
}
