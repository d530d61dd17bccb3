import type { Dataset, Sample } from '../domains/target-domain.ts';
import { prefixOutputSpecs } from './frozen-prefix.ts';
import type { FeatureSet, FeatureStore } from './feature-store.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import type { TensorSpecs } from '../network/tensors.ts';
import { RandomStream } from '../random/random-stream.ts';
import type { Backend } from '../ports/backend.ts';
import type { Progress } from '@headstart/artifacts';
import type { Encoder, HostBatch, View } from './encoder.ts';
import type { BatchLoader } from './batches.ts';
import { encodeBatch, targetBatch } from './encode-batch.ts';
import { keepingEncodings } from './encoding-cache.ts';
import { fillRows, openRows } from './prefix-rows.ts';

/** Cached features of one prefix may take this much disk, in bytes. */
const CACHE_LIMIT = 16 * 2 ** 30;

const PLAIN = { kind: 'plain' } as const;

export interface DataContext<S extends Sample> {
  readonly backend: Backend;
  readonly store: FeatureStore;
  readonly model: TransferModel;
  readonly encoder: Encoder<S>;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
  /** The digest of the values of so many leading stages, where it is known without computing it; the model's own else. */
  digestOf?(prefix: number): Promise<string>;
  onFeatures?(features: FeatureCounts): Promise<void>;
}

/** What became of the features of a split: the rows of `samples` that were kept before, and those computed now. */
export interface FeatureCounts {
  /** The last stage of the frozen prefix. */
  readonly stage: string;
  readonly samples: number;
  readonly reused: number;
  readonly computed: number;
  /** Rows that were kept before and found damaged; absent where there are none. */
  readonly damaged?: number;
  readonly seconds: number;
}

/** How the training split is altered. */
export interface Augmentation {
  readonly policy: string;
  /** Names the draws of live augmentation: another one each epoch. */
  readonly random: RandomStream;
  /** Cached augmented views per sample; with 1 the cached view is the plain one. */
  readonly views: number;
}

/** Batches whose memory waits to be used again: as many as are loaded ahead. */
const SPARE = 2;

/** Rows up to this size are always worth keeping, in bytes. */
const SMALL_ROW = 64 * 2 ** 10;

/**
 * Whether a frozen prefix's output is kept on disk: where a row is small or no larger than the
 * input that it replaces, and all views fit the limit.
 */
export function worthCaching(inputs: TensorSpecs, outputs: TensorSpecs, rows: number): boolean {
  const row = bytesOf(outputs);
  return row <= Math.max(SMALL_ROW, bytesOf(inputs)) && row * rows <= CACHE_LIMIT;
}

function bytesOf(specs: TensorSpecs): number {
  return Object.values(specs).reduce((sum, { shape }) => sum + 4 * shape.reduce((product, n) => product * n, 1), 0);
}

/** Batches of a split: features of the frozen prefix where caching pays, else encoded samples. */
export async function openSplit<S extends Sample>(
  context: DataContext<S>,
  samples: Dataset<S>,
  prefix: number,
  augmentation?: Augmentation,
): Promise<BatchLoader> {
  const views = augmentation && augmentation.views > 1 ? augmentation.views : 1;
  const row = cachedRow(context, samples.length, prefix, views);
  if (row) return cachedSplit(context, samples, prefix, row, augmentation?.policy ?? 'none', views);
  return encodedSplit(context.encoder, samples, augmentation);
}

/** The shapes of what a frozen prefix gives for one row of a sample, where keeping it for these samples pays. */
export function cachedRow<S extends Sample>(
  { model, encoder }: Pick<DataContext<S>, 'model' | 'encoder'>,
  samples: number,
  prefix: number,
  views: number,
): TensorSpecs | undefined {
  if (prefix === 0) return undefined;
  const outputs = prefixOutputSpecs(model, encoder.inputs, prefix);
  return worthCaching(encoder.inputs, outputs, samples * views * (encoder.rows ?? 1)) ? outputs : undefined;
}

/** Batches that are decoded when they are asked for. */
export function encodedSplit<S extends Sample>(
  decoder: Encoder<S>,
  samples: Dataset<S>,
  augmentation?: Augmentation,
): BatchLoader {
  const encoder = keepingEncodings(decoder);
  const augmented = augmentation !== undefined && augmentation.policy !== 'none';
  return {
    length: samples.length,
    from: 0,
    inputs: encoder.inputs,
    targets: encoder.targets,
    idOf: (position) => samples.get(position).id,
    lengthOf: encoder.length && onceEach(samples.length, (position) => encoder.length!(samples.get(position))),
    async load(positions, epoch) {
      const chosen = Array.from(positions, (position) => samples.get(position));
      if (!augmented || epoch === undefined) return encodeBatch(encoder, chosen, () => PLAIN);
      const random = augmentation.random.child(epoch);
      const others = encoder.combining && samples;
      const batch = await encodeBatch(encoder, chosen, ({ id }) => ({
        kind: 'augmented',
        random: random.child(id),
        others,
      }));
      return encoder.mix?.(batch, random.child('mix', positions[0] ?? 0)) ?? batch;
    },
    close: async () => {},
  };
}

/** A function of positions whose values, positive whole numbers, are kept. */
function onceEach(count: number, valueOf: (position: number) => number): (position: number) => number {
  const values = new Int32Array(count);
  return (position) => (values[position] ||= valueOf(position));
}

async function cachedSplit<S extends Sample>(
  context: DataContext<S>,
  samples: Dataset<S>,
  prefix: number,
  row: TensorSpecs,
  policy: string,
  views: number,
): Promise<BatchLoader> {
  const { encoder } = context;
  const chosen = Array.from({ length: views }, (_, index) => viewOf(encoder, samples, policy, views, index));
  const sets: FeatureSet[] = [];
  const close = async () => {
    for (const set of sets) await set.close();
  };
  try {
    for (const { name, view } of chosen) sets.push(await featuresOf(context, samples, prefix, row, name, view));
  } catch (error) {
    await close();
    throw error;
  }
  // Large rows: to have the system give fresh memory for each batch takes several times as long as to fill it.
  const spare: Pick<HostBatch, 'size' | 'inputs'>[] = [];
  return {
    length: samples.length,
    from: prefix,
    inputs: row,
    targets: encoder.targets,
    idOf: (position) => samples.get(position).id,
    async load(positions, epoch = 0) {
      const { view } = chosen[epoch % views]!;
      const batch = Array.from(positions, (position) => samples.get(position));
      const found = spare.findIndex(({ size }) => size === batch.length);
      const [memory] = found < 0 ? [] : spare.splice(found, 1);
      return {
        size: batch.length,
        rows: encoder.rows,
        inputs: await sets[epoch % views]!.read(
          batch.map(({ digest }) => digest),
          memory?.inputs,
        ),
        targets: targetBatch(encoder, batch, batch.map(view)),
      };
    },
    release({ size, inputs }) {
      if (spare.length < SPARE) spare.push({ size, inputs });
    },
    close,
  };
}

interface CachedView<S extends Sample> {
  readonly name: string;
  readonly view: (sample: S) => View<S>;
}

/**
 * Cached views are drawn by policy, number and content alone, so that any run can reuse them; those that take
 * parts of other samples, by any run on the same samples.
 */
function viewOf<S extends Sample>(
  encoder: Encoder<S>,
  samples: Dataset<S>,
  policy: string,
  views: number,
  index: number,
): CachedView<S> {
  if (views === 1) return { name: 'plain', view: () => PLAIN };
  const random = new RandomStream('views').child(policy, index);
  const name = `${policy}/${index}`;
  if (!encoder.combining) return { name, view: ({ digest }) => ({ kind: 'augmented', random: random.child(digest) }) };
  return {
    name: `${name}/${encoder.combining(samples)}`,
    view: ({ digest }) => ({ kind: 'augmented', random: random.child(digest), others: samples }),
  };
}

async function featuresOf<S extends Sample>(
  context: DataContext<S>,
  samples: Dataset<S>,
  prefix: number,
  row: TensorSpecs,
  viewName: string,
  view: (sample: S) => View<S>,
): Promise<FeatureSet> {
  const started = performance.now();
  const set = await openRows(context, prefix, row, viewName);
  try {
    await fillRows(context, samples, prefix, set, view, started);
    return set;
  } catch (error) {
    await set.close();
    throw error;
  }
}
