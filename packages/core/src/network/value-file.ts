import { readSafetensors } from '../formats/read-safetensors.ts';
import { isIntact, SEAL } from '../formats/safetensors-seal.ts';
import { checkpointInvalid } from '../formats/stored-tensor.ts';
import { checkWeight } from './finite.ts';
import type { StoredValue } from './variable-values.ts';
import { writeSafetensors } from '../formats/write-safetensors.ts';

/** A file of float32 values by name, in the safetensors format. */
export interface ValueFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly values: ReadonlyMap<string, StoredValue>;
}

/** Writes values as a whole or not at all. @throws HeadstartError `not-finite`, `storage-*` */
export async function writeValueFile(path: string, { metadata, values }: ValueFile): Promise<void> {
  for (const [name, { data }] of values) await checkWeight(data, name, 'what is to be saved');
  const tensors = [...values].map(([name, { shape, data }]) => [name, { dtype: 'F32', shape, data }] as const);
  await writeSafetensors(path, tensors, metadata);
}

/** @throws HeadstartError `checkpoint-invalid`, `not-finite`, `storage-*` */
export async function readValueFile(path: string): Promise<ValueFile> {
  const { metadata, tensors } = await readSafetensors(path);
  const stated = metadata[SEAL];
  if (stated !== undefined && !(await isIntact(path, stated)))
    throw checkpointInvalid(path, 'it is damaged: its bytes are not those that were written');
  const values = new Map<string, StoredValue>();
  for (const [name, tensor] of tensors) {
    const data = await tensor.read();
    if (!(data instanceof Float32Array))
      throw checkpointInvalid(path, `the tensor "${name}" is ${tensor.dtype}, not float32`);
    await checkWeight(data, name, path);
    values.set(name, { shape: tensor.shape, data });
  }
  return { metadata, values };
}
