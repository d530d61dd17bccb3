import type { DataWarning } from '../domains/reading-notes.ts';
import type { Dataset, Sample } from '../domains/target-domain.ts';
import type { TensorSpecs } from '../network/tensors.ts';
import type { View } from './encoder.ts';
import type { FeatureSet } from './feature-store.ts';
import { computeMissing } from './frozen-prefix.ts';
import type { DataContext, FeatureCounts } from './split-data.ts';

const PLAIN = { kind: 'plain' } as const;

/** The rows that are kept of a frozen prefix over one kind of view; the caller closes them. */
export async function openRows<S extends Sample>(
  { backend, store, model, encoder, digestOf }: Omit<DataContext<S>, 'onFeatures'>,
  prefix: number,
  row: TensorSpecs,
  view = 'plain',
): Promise<FeatureSet> {
  return store.open({
    architecture: model.backbone.architecture,
    weights: await (digestOf?.(prefix) ?? model.prefixDigest(prefix)),
    stage: model.stages[prefix - 1]!.name,
    encoding: encoder.key,
    view,
    backend: `${backend.name}/${backend.device}`,
    row: ofSample(row, encoder.rows),
  });
}

/** Computes what the rows lack of these samples, and tells how many there were. */
export async function fillRows<S extends Sample>(
  context: DataContext<S>,
  samples: Dataset<S>,
  prefix: number,
  set: FeatureSet,
  view: (sample: S) => View<S> = () => PLAIN,
  started = performance.now(),
): Promise<void> {
  const { backend, model, encoder, progress, signal } = context;
  const damaged = await set.check?.(Array.from({ length: samples.length }, (_, i) => samples.get(i).digest));
  const counts = await computeMissing({ backend, model, prefix, encoder, samples, view, set, progress, signal });
  const seconds = (performance.now() - started) / 1000;
  await context.onFeatures?.({
    stage: model.stages[prefix - 1]!.name,
    samples: samples.length,
    ...counts,
    ...(damaged && { damaged }),
    seconds,
  });
}

/** What to say of features that were found damaged; undefined where none were. */
export function damageOf({ stage, damaged }: Pick<FeatureCounts, 'stage' | 'damaged'>): DataWarning | undefined {
  if (damaged === undefined) return undefined;
  const rows = damaged === 1 ? '1 row' : `${damaged} rows`;
  return {
    code: 'damaged-features',
    message: `${rows} of the cached features of the stage "${stage}" were no longer as they were stored: what is needed of them is computed anew.`,
    hint: 'Check the disk that the cache is on.',
    samples: [],
  };
}

/** The shapes of all rows of a sample together, from those of one. */
function ofSample(row: TensorSpecs, rows = 1): TensorSpecs {
  if (rows === 1) return row;
  return Object.fromEntries(
    Object.entries(row).map(([name, spec]) => [name, { ...spec, shape: [rows, ...spec.shape] }]),
  );
}
