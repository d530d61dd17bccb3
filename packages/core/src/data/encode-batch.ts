import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { Sample } from '../domains/target-domain.ts';
import type { HostTensors, HostValues, TensorSpecs } from '../network/tensors.ts';
import type { Encoder, HostBatch, View } from './encoder.ts';

/** A batch that has inputs only. */
export type EncodedInputs = Pick<HostBatch, 'size' | 'rows' | 'inputs' | 'specs'>;

/** Decodes samples side by side and lays their values one after another. */
export async function encodeBatch<S extends Sample>(
  encoder: Encoder<S>,
  samples: readonly S[],
  view: (sample: S) => View<S>,
): Promise<HostBatch> {
  const views = samples.map(view);
  return { ...(await encodeInputs(encoder, samples, views)), targets: targetBatch(encoder, samples, views) };
}

/** The inputs of samples, decoded side by side, one after another and fitted; as they are where no views are given. */
export async function encodeInputs<S extends Sample>(
  encoder: Encoder<S>,
  samples: readonly S[],
  views: readonly View<S>[] = [],
): Promise<EncodedInputs> {
  return joinInputs(
    encoder,
    await Promise.all(samples.map((sample, i) => encoder.encode(sample, views[i] ?? { kind: 'plain' }))),
  );
}

/** What an encoder made of samples, one after another and fitted: the batch that `encodeInputs` makes of them. */
export function joinInputs(encoder: Encoder, encoded: readonly HostTensors[]): EncodedInputs {
  const size = encoded.length;
  const { rows } = encoder;
  const inputs = concatenate(encoder.inputs, encoded, rows);
  return { size, rows, inputs, ...encoder.fit?.(inputs, size * (rows ?? 1)) };
}

/** The truth of samples, one after another. */
export function targetBatch<S extends Sample>(
  encoder: Encoder<S>,
  samples: readonly S[],
  views: readonly View<S>[],
): HostTensors {
  return concatenate(
    encoder.targets,
    samples.map((sample, i) => encoder.target(sample, views[i]!)),
  );
}

function concatenate(specs: TensorSpecs, items: readonly HostTensors[], rows = 1): HostTensors {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, dtype }]) => {
      const size = shape.reduce((product, n) => product * n, rows);
      const values: HostValues = new (dtype === 'int32' ? Int32Array : Float32Array)(size * items.length);
      items.forEach((item, i) => values.set(item[name]!, i * size));
      return [name, values];
    }),
  );
}

/** One sample's inputs, all zero. */
export function blankInputs(specs: TensorSpecs, rows = 1): EncodedInputs {
  const inputs = Object.entries(specs).map(([name, { shape, dtype }]) => {
    const size = shape.reduce((product, n) => product * n, rows);
    return [name, dtype === 'int32' ? new Int32Array(size) : new Float32Array(size)] as const;
  });
  return { size: 1, rows, inputs: Object.fromEntries(inputs) };
}

/** The inputs of a batch on the device; the caller owns them. */
export function inputTensors(specs: TensorSpecs, batch: EncodedInputs): Record<string, Tensor> {
  return toTensors(batch.specs ?? specs, batch.inputs, batch.size * (batch.rows ?? 1));
}

/** Puts host values on the device as `[size, …]` tensors; the caller owns them. */
export function toTensors(specs: TensorSpecs, values: HostTensors, size: number): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, dtype }]) => [name, tensor(values[name]!, [size, ...shape], dtype)]),
  );
}
