import { openSplit } from '../data/split-data.ts';
import { withoutTargets } from '../data/without-targets.ts';
import { datasetOf } from '../domains/splits.ts';
import type { Dataset, Sample } from '../domains/target-domain.ts';
import { KnownRegion, regionRows } from '../models/known-region.ts';
import { sampleQuantile } from '../metrics/resampling.ts';
import { featuresOf, hasHeadFeature } from './head-features.ts';
import { dataContext, type Run } from './run.ts';

/** Training samples whose features are kept, and validation samples whose distances are looked at, at most. */
const MOST_KEPT = 200;
const MOST_JUDGED = 400;
/** Fewer validation samples tell no 95 % quantile: the training samples' own distances do then. */
const LEAST_JUDGED = 40;
const NEIGHBOUR = 3;
/** Fewer training samples are no region. */
const LEAST_KEPT = 8;

/** How far samples like those of training lie from them. */
export interface RegionBounds {
  /** Which nearest sample the distance is to. */
  readonly neighbour: number;
  /** Distances below which 95 and 99 % of the samples lie. */
  readonly p95: number;
  readonly p99: number;
  /** Which samples these are, and how many. */
  readonly of: 'validation' | 'train' | 'unlabelled';
  readonly samples: number;
}

/**
 * The region that a trained classifier knows, and its bounds; undefined for other models, and for a handful of samples. A model
 * that adapted to unlabelled samples knows the region of these, which it is to be used on.
 */
export async function measureRegion<S extends Sample>(
  run: Run<S>,
): Promise<{ readonly region: KnownRegion; readonly bounds: RegionBounds } | undefined> {
  const { model, encoder, transfer, random } = run;
  const { splits, unlabelled } = transfer.target;
  const { train, validation } = splits;
  const kind = transfer.task.evaluator(transfer.target.labels).evidence?.().kind;
  const classes = kind === 'classification' || kind === 'multi-label';
  if (!classes || !hasHeadFeature(model, encoder)) return undefined;
  const domain = unlabelled ?? train;
  if (domain.length < LEAST_KEPT) return undefined;
  const kept = some(domain, MOST_KEPT, (n) => random.child('known').permutation(n));
  const known = await vectorsOf(run, kept);
  const width = known.length / kept.length;
  const features = regionRows(known, width);
  const region = new KnownRegion(features, features.length / kept.length, NEIGHBOUR);
  const judged = unlabelled === undefined && validation.length >= LEAST_JUDGED;
  const others = judged && some(validation, MOST_JUDGED, (n) => random.child('judged').permutation(n));
  const distances = others
    ? region.distances(await vectorsOf(run, others), width)
    : region.distances(known, width, true);
  const sorted = distances.sort();
  const bounds: RegionBounds = {
    neighbour: NEIGHBOUR,
    p95: sampleQuantile(sorted, 0.95),
    p99: sampleQuantile(sorted, 0.99),
    of: unlabelled ? 'unlabelled' : judged ? 'validation' : 'train',
    samples: sorted.length,
  };
  return { region, bounds };
}

async function vectorsOf<S extends Sample>(run: Run<S>, samples: Dataset<S>): Promise<Float32Array> {
  const { backend, model, phases } = run;
  // What is read again here was told of when it was computed.
  const context = { ...dataContext(run), encoder: withoutTargets(run.encoder), onFeatures: undefined };
  const loader = await openSplit(context, samples, model.frozenPrefix(phases.at(-1)!.trainable));
  try {
    return await featuresOf(backend, model, loader);
  } finally {
    await loader.close();
  }
}

function some<S>(samples: Dataset<S>, most: number, permutation: (n: number) => Uint32Array): Dataset<S> {
  if (samples.length <= most) return samples;
  return datasetOf(Array.from(permutation(samples.length).subarray(0, most), (place) => samples.get(place)));
}
