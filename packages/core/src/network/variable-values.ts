import { tensor, tidy } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import { giveWay } from '../scheduling/turns.ts';
import type { ModelVariable } from './stage.ts';

/** A variable's value on the host. */
export interface StoredValue {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Copies variables to the host, by name, with turns of others between. */
export async function readValues(variables: Iterable<[string, ModelVariable]>): Promise<Map<string, StoredValue>> {
  const values = new Map<string, StoredValue>();
  for (const [name, { value }] of variables) {
    await giveWay();
    const read = await value.data<'float32'>();
    await giveWay();
    // Some backends lend their own memory.
    values.set(name, { shape: value.shape, data: read.slice() });
  }
  return values;
}

/**
 * Puts values into the variables of the same names, with turns of others between.
 * @throws HeadstartError `weights-mismatch` for a missing name or another shape
 */
export async function writeValues(
  variables: Iterable<[string, ModelVariable]>,
  values: ReadonlyMap<string, StoredValue>,
  from: string,
): Promise<void> {
  for (const [name, { value }] of variables) {
    const stored = values.get(name);
    if (!stored || stored.shape.join() !== value.shape.join()) {
      throw new HeadstartError({
        code: 'weights-mismatch',
        message: stored
          ? `${from} holds "${name}" with shape [${stored.shape.join(', ')}] where [${value.shape.join(', ')}] is needed.`
          : `${from} holds no weights named "${name}".`,
        hint: 'The file belongs to another architecture or version; use the source it was made with.',
      });
    }
    await giveWay();
    tidy(() => value.assign(tensor(stored.data, [...stored.shape], 'float32')));
  }
}
