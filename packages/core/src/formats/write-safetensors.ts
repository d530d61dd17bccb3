import type { FileHandle } from 'node:fs/promises';
import { endianness } from 'node:os';
import { writeAtomic } from '@headstart/artifacts/storage';
import { HeadstartError } from '@headstart/artifacts/errors';
import { SEAL, seal } from './safetensors-seal.ts';
import { ELEMENT_BYTES, elementCount, toHostOrder, type StoredDtype } from './stored-tensor.ts';

/** Values of each type that can be written. */
export interface WritableValues {
  F64: Float64Array;
  F32: Float32Array;
  I64: BigInt64Array;
  I32: Int32Array;
  I16: Int16Array;
  I8: Int8Array;
  U8: Uint8Array;
  BOOL: Uint8Array;
}

/** A tensor to be written: row-major values of its shape. */
export type WritableTensor = {
  [D in keyof WritableValues]: {
    readonly dtype: D;
    readonly shape: readonly number[];
    readonly data: WritableValues[D];
  };
}[keyof WritableValues];

/**
 * Writes a safetensors file atomically. The same tensors and metadata give the same bytes, whatever their
 * order: wider types first (so that each tensor is aligned), then by name. Where the metadata have `SEAL`, it becomes the
 * checksum of the file.
 *
 * @throws HeadstartError `invalid-option` for a name given twice or values that do not fill the shape, `storage-*`
 */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<readonly [name: string, tensor: WritableTensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const ordered = [...tensors].sort(
    ([a, { dtype: x }], [b, { dtype: y }]) => ELEMENT_BYTES[y] - ELEMENT_BYTES[x] || compare(a, b),
  );
  const header = headerOf(path, ordered, metadata);
  if (metadata[SEAL] !== undefined)
    await seal(
      header,
      ordered.map(([, { dtype, data }]) => fileBytes(dtype, data)),
    );
  await writeAtomic(path, async (handle) => {
    await writeAll(handle, header);
    for (const [, { dtype, data }] of ordered) await writeAll(handle, fileBytes(dtype, data));
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function headerOf(
  path: string,
  ordered: readonly (readonly [string, WritableTensor])[],
  metadata: Readonly<Record<string, string>>,
): Buffer {
  const parts: string[] = [];
  const names = Object.keys(metadata).sort(compare);
  if (names.length > 0)
    parts.push(`"__metadata__":${JSON.stringify(Object.fromEntries(names.map((name) => [name, metadata[name]])))}`);
  const seen = new Set<string>();
  let at = 0;
  for (const [name, { dtype, shape, data }] of ordered) {
    const fail = (why: string) =>
      new HeadstartError({
        code: 'invalid-option',
        message: `${path}: the tensor "${name}" ${why}.`,
        hint: 'Give each tensor one name and values that fill its shape.',
      });
    if (name === '__metadata__' || seen.has(name))
      throw fail(seen.has(name) ? 'is given twice' : 'has a name that the format keeps for itself');
    seen.add(name);
    if (data.length !== elementCount(shape))
      throw fail(`has ${data.length} values for the shape [${shape.join(', ')}]`);
    const end = at + data.length * ELEMENT_BYTES[dtype];
    parts.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [at, end] })}`);
    at = end;
  }
  const json = Buffer.from(`{${parts.join(',')}}`);
  const padded = Math.ceil(json.length / 8) * 8;
  const header = Buffer.alloc(8 + padded, ' ');
  header.writeBigUInt64LE(BigInt(padded), 0);
  json.copy(header, 8);
  return header;
}

/** The values' bytes in the file's order, little-endian. */
function fileBytes(dtype: StoredDtype, data: WritableTensor['data']): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (endianness() === 'LE') return bytes;
  const copy = bytes.slice();
  toHostOrder(copy, ELEMENT_BYTES[dtype]);
  return copy;
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, Math.min(bytes.length - done, 2 ** 30));
    done += bytesWritten;
  }
}
