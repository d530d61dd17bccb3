import { dispose, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { setImmediate } from 'node:timers/promises';
import type { Dataset, Sample } from '../domains/target-domain.ts';
import type { TransferModel } from '../models/transfer-model.ts';
import type { HostTensors, Tensors, TensorSpecs } from '../models/tensors.ts';
import type { Progress } from '../runtime/progress.ts';
import type { Encoder, View } from '../tasks/task.ts';
import { encodeBatch, toTensors } from '../training/encode-batch.ts';
import type { FeatureSet } from './feature-store.ts';

/** Samples run through the prefix at once. Fixed, so that a row never depends on who asked for it. */
const BATCH = 16;
/** Bytes gathered before a segment is written: what an interruption can cost. */
const SEGMENT_BYTES = 32 * 2 ** 20;

/** The shapes that the first `prefix` stages give for one sample. */
export function prefixOutputSpecs(model: TransferModel, inputs: TensorSpecs, prefix: number): TensorSpecs {
  return tidy(() => {
    const zeros = Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, dtype }]) => {
        const size = shape.reduce((product, n) => product * n, 1);
        return [name, tensor(new (dtype === 'int32' ? Int32Array : Float32Array)(size), [1, ...shape], dtype)];
      }),
    );
    const outputs = model.forward(zeros, 0, prefix);
    return Object.fromEntries(
      Object.entries(outputs).map(([name, output]) => [
        name,
        { shape: output.shape.slice(1), dtype: output.dtype === 'int32' ? 'int32' : 'float32' } as const,
      ]),
    );
  });
}

export interface PrefixWork<S extends Sample> {
  readonly model: TransferModel;
  /** Number of leading stages to run. */
  readonly prefix: number;
  readonly encoder: Encoder<S>;
  readonly samples: Dataset<S>;
  readonly view: (sample: S) => View;
  readonly set: FeatureSet;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** Computes the rows that the set lacks. The next batch is decoded while one runs. */
export async function computeMissing<S extends Sample>(work: PrefixWork<S>): Promise<{ reused: number; computed: number }> {
  const { samples, set, signal } = work;
  const missing = missingSamples(samples, set);
  if (missing.length === 0) return { reused: samples.length, computed: 0 };
  const bar = work.progress.start({ label: 'features', total: missing.length, unit: 'samples' });
  let pending: { digests: string[]; rows: Buffer[]; bytes: number } = { digests: [], rows: [], bytes: 0 };
  const flush = async () => {
    if (pending.digests.length > 0) await set.append(pending.digests, pending.rows);
    pending = { digests: [], rows: [], bytes: 0 };
  };
  try {
    let next: Promise<HostTensors> | undefined;
    for (let start = 0; start < missing.length; start += BATCH) {
      signal?.throwIfAborted();
      const batch = missing.slice(start, start + BATCH);
      const inputs = await (next ?? encodeWhole(work, batch));
      next = start + BATCH < missing.length ? encodeWhole(work, missing.slice(start + BATCH, start + 2 * BATCH)) : undefined;
      next?.catch(() => {}); // its failure is met when it is awaited
      await setImmediate(); // lets the decoder's queue start before this thread computes
      const outputs = await runPrefix(work, inputs);
      const rows = set.layout.pack(outputs, batch.length);
      pending.digests.push(...batch.map(({ digest }) => digest));
      pending.rows.push(rows);
      pending.bytes += rows.length;
      if (pending.bytes >= SEGMENT_BYTES) await flush();
      bar.update(start + batch.length);
    }
  } finally {
    await flush();
    bar.end();
  }
  return { reused: samples.length - missing.length, computed: missing.length };
}

function missingSamples<S extends Sample>(samples: Dataset<S>, set: FeatureSet): S[] {
  const seen = new Set<string>();
  const missing: S[] = [];
  for (let i = 0; i < samples.length; i++) {
    const sample = samples.get(i);
    if (set.has(sample.digest) || seen.has(sample.digest)) continue;
    seen.add(sample.digest);
    missing.push(sample);
  }
  return missing;
}

/** Encodes a batch; a short last one is filled up with its first sample to keep the shape. */
async function encodeWhole<S extends Sample>({ encoder, view }: PrefixWork<S>, batch: readonly S[]): Promise<HostTensors> {
  const filled = Array.from({ length: BATCH }, (_, i) => batch[i] ?? batch[0]!);
  return (await encodeBatch(encoder, filled, view)).inputs;
}

async function runPrefix<S extends Sample>(work: PrefixWork<S>, inputs: HostTensors): Promise<HostTensors> {
  const { model, prefix, encoder } = work;
  const outputs: Tensors = tidy(() => {
    return model.forward(toTensors(encoder.inputs, inputs, BATCH), 0, prefix) as Record<string, Tensor>;
  });
  const host: Record<string, Float32Array | Int32Array> = {};
  for (const [name, output] of Object.entries(outputs)) host[name] = (await output.data()) as Float32Array | Int32Array;
  dispose(outputs as Record<string, Tensor>);
  return host;
}
