import { dispose, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Dataset, Sample } from '../domains/target-domain.ts';
import { checkRows } from '../network/finite.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import type { HostTensors, HostValues, TensorSpecs } from '../network/tensors.ts';
import type { Backend, CompiledStep } from '../ports/backend.ts';
import type { Progress } from '@headstart/artifacts';
import type { Encoder, HostBatch, View } from './encoder.ts';
import { cutAlike, prefetch } from './batches.ts';
import { blankInputs, encodeBatch, inputTensors } from './encode-batch.ts';
import { DigestMap } from './digest-map.ts';
import type { FeatureSet } from './feature-store.ts';
import { wrapEncoder } from './wrap-encoder.ts';

/** Samples run through the prefix at once. Fixed, so that a row never depends on who asked for it. */
const BATCH = 16;
/** Bytes and rows gathered before a segment is written: what an interruption can cost, and what waiting takes of memory. */
const SEGMENT_BYTES = 32 * 2 ** 20;
const SEGMENT_ROWS = 16_384;

/** What was found of a backbone's stages: their shapes do not depend on their values. */
const found = new WeakMap<TransferModel['backbone']['stages'], Map<string, TensorSpecs>>();

/** The shapes that the first `prefix` stages give for one row of inputs of these shapes. */
export function prefixOutputSpecs(model: TransferModel, inputs: TensorSpecs, prefix: number): TensorSpecs {
  const { stages } = model.backbone;
  const known = found.get(stages) ?? new Map<string, TensorSpecs>();
  found.set(stages, known);
  const key = JSON.stringify([prefix, inputs]);
  const specs = known.get(key) ?? computedSpecs(model, inputs, prefix);
  if (prefix <= stages.length) known.set(key, specs);
  return specs;
}

function computedSpecs(model: TransferModel, inputs: TensorSpecs, prefix: number): TensorSpecs {
  return tidy(() => {
    const outputs = model.forward(inputTensors(inputs, blankInputs(inputs)), 0, prefix);
    return Object.fromEntries(
      Object.entries(outputs).map(([name, output]) => [
        name,
        { shape: output.shape.slice(1), dtype: output.dtype === 'int32' ? 'int32' : 'float32' } as const,
      ]),
    );
  });
}

/**
 * The encoder for computing rows of the prefix: without `fit` where the rows have the length of
 * the inputs, since those of a set are all of one size.
 */
function rowEncoder<S extends Sample>(encoder: Encoder<S>, model: TransferModel, prefix: number): Encoder<S> {
  const { specs } = encoder.fit?.(blankInputs(encoder.inputs).inputs, 1) ?? {};
  if (!specs) return encoder;
  const [whole, fitted] = [encoder.inputs, specs].map((inputs) =>
    JSON.stringify(prefixOutputSpecs(model, inputs, prefix)),
  );
  return whole === fitted ? encoder : wrapEncoder(encoder, { fit: undefined, length: undefined });
}

export interface PrefixWork<S extends Sample> {
  readonly backend: Backend;
  readonly model: TransferModel;
  /** Number of leading stages to run. */
  readonly prefix: number;
  readonly encoder: Encoder<S>;
  readonly samples: Dataset<S>;
  readonly view: (sample: S) => View<S>;
  readonly set: FeatureSet;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Computes the rows that the set lacks. The next batches are decoded while one runs.
 * @throws HeadstartError `not-finite` naming the sample that the network gives no numbers for, which is not kept
 */
export async function computeMissing<S extends Sample>(
  work: PrefixWork<S>,
): Promise<{ reused: number; computed: number }> {
  const { backend, model, prefix, samples, view, set, signal } = work;
  const encoder = rowEncoder(work.encoder, model, prefix);
  const missing = missingSamples(samples, set);
  if (missing.length === 0) return { reused: samples.length, computed: 0 };
  const forward = model.kept(`stages before ${prefix}`, () =>
    backend.compile((inputs: Record<string, Tensor>) => tidy(() => ({ ...model.forward(inputs, 0, prefix) }))),
  );
  const bar = work.progress.start({ label: 'features', total: missing.length, unit: 'samples' });
  const segment = new PendingSegment(set);
  const digestsOf = (positions: Uint32Array) => Array.from(positions, (position) => missing[position]!.digest);
  const batches = cutAlike(
    missing.length,
    BATCH,
    encoder.length && ((position) => encoder.length!(missing[position]!)),
  );
  let done = 0;
  let computed = 0;
  try {
    for await (const batch of prefetch(batches, (positions) => encodeWhole(encoder, view, positions, missing))) {
      signal?.throwIfAborted();
      const positions = batches[done++]!;
      const digests = digestsOf(positions);
      const features = await runPrefix(forward, inputTensors(encoder.inputs, batch));
      const name = (row: number) => `the sample "${missing[positions[row] ?? positions[0]!]!.id}"`;
      for (const [tensor, values] of Object.entries(features)) checkRows(values, tensor, { rows: BATCH, name });
      segment.add(digests, set.layout.pack(features, digests.length));
      computed += digests.length;
      if (segment.full) await segment.flush();
      bar.update(computed);
    }
    await segment.flush();
  } catch (error) {
    await segment.flush().catch(() => {}); // the first failure is the one to report
    throw error;
  } finally {
    bar.end();
  }
  return { reused: samples.length - missing.length, computed: missing.length };
}

/** Rows that wait to be written together. */
class PendingSegment {
  #digests: string[] = [];
  #rows: Buffer[] = [];
  #bytes = 0;

  constructor(private readonly set: FeatureSet) {}

  get full(): boolean {
    return this.#bytes >= SEGMENT_BYTES || this.#digests.length >= SEGMENT_ROWS;
  }

  add(digests: readonly string[], rows: Buffer): void {
    this.#digests.push(...digests);
    this.#rows.push(rows);
    this.#bytes += rows.length;
  }

  /** Writes what waits. Rows that could not be written are not tried again. */
  async flush(): Promise<void> {
    const [digests, rows] = [this.#digests, this.#rows];
    this.#digests = [];
    this.#rows = [];
    this.#bytes = 0;
    if (digests.length > 0) await this.set.append(digests, rows);
  }
}

function missingSamples<S extends Sample>(samples: Dataset<S>, set: FeatureSet): S[] {
  const seen = new DigestMap();
  const missing: S[] = [];
  for (let i = 0; i < samples.length; i++) {
    const sample = samples.get(i);
    const { digest } = sample;
    if (!set.has(digest) && seen.add(digest, i)) missing.push(sample);
  }
  return missing;
}

/** Encodes a batch; a short last one is filled up with its first sample to keep the shape. */
function encodeWhole<S extends Sample>(
  encoder: Encoder<S>,
  view: (sample: S) => View<S>,
  positions: Uint32Array,
  samples: readonly S[],
): Promise<HostBatch> {
  const filled = Array.from({ length: BATCH }, (_, i) => samples[positions[i] ?? positions[0]!]!);
  return encodeBatch(encoder, filled, view);
}

type Forward = CompiledStep<[inputs: Record<string, Tensor>], Record<string, Tensor>>;

/** Runs the prefix on a batch, which it frees, and copies the outputs to the host. */
async function runPrefix(forward: Forward, inputs: Record<string, Tensor>): Promise<HostTensors> {
  let outputs: Record<string, Tensor> = {};
  try {
    outputs = await forward(inputs);
    const host: Record<string, HostValues> = {};
    for (const [name, output] of Object.entries(outputs)) host[name] = await output.data<'float32' | 'int32'>();
    return host;
  } finally {
    dispose([inputs, outputs]);
  }
}
