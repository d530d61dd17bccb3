import { cast, greater, max, mul, softmax, type Scalar, type Tensor2D } from '@tensorflow/tfjs-core';
import { asConstant } from '../network/stop-gradient.ts';
import { maskedCrossEntropy, predictedClasses } from './margin-disparity.ts';

/** How sure a model has to be of a sample for FixMatch to learn from it. */
export const FIXMATCH_THRESHOLD = 0.9;

/**
 * Self-training as in FixMatch (Sohn et al., 2020, arXiv 2001.07685): the cross-entropy of what is said of a strongly altered view
 * against the class of the plain view, where that has more than `threshold` of the probability; the mean over all n samples.
 *
 * @param plain logits, `[n, classes]`; constants
 * @param altered logits of the other view, `[n, classes]`
 */
export function fixMatchLoss(plain: Tensor2D, altered: Tensor2D, threshold = FIXMATCH_THRESHOLD): Scalar {
  const classes = predictedClasses(plain);
  const sure = asConstant(() => cast(greater(max(softmax(plain), 1, true), threshold), 'float32'));
  return maskedCrossEntropy(altered, mul(classes, sure));
}

/** What a model says of samples, row-major. */
export interface Opinions {
  /** `[samples, width]` */
  readonly embeddings: Float32Array;
  /** `[samples, classes]`, each row summing to 1. */
  readonly probabilities: Float32Array;
  readonly samples: number;
}

/**
 * SHOT's pseudo-labels (Liang et al., 2020, arXiv 2002.08546): the class of the nearest centroid by the cosine of `[embedding, 1]`.
 * Centroids are means weighed by probability at first, then those of the labels that came of it. A class that no sample was given
 * has no centroid from then on.
 *
 * @param rounds of assigning labels; 2 as in the authors' code where absent
 * @returns a class per sample
 */
export function centroidLabels({ embeddings, probabilities, samples }: Opinions, rounds = 2): Int32Array {
  const classes = probabilities.length / samples;
  const points = unitRows(embeddings, samples, 1);
  const labels = new Int32Array(samples);
  let shares: ArrayLike<number> = probabilities;
  for (let round = 0; round < rounds; round += 1) {
    const centroids = weighedMeans(points, shares, samples, classes);
    for (let i = 0; i < samples; i += 1) labels[i] = nearest(points.row(i), centroids);
    shares = Float64Array.from({ length: samples * classes }, (_, at) =>
      labels[Math.floor(at / classes)] === at % classes ? 1 : 0,
    );
  }
  return labels;
}

/** Rows of numbers, row-major. */
interface Rows {
  readonly width: number;
  row(i: number): Float64Array;
}

/** Rows scaled to length 1, with `extra` appended to each before; a row of zeros stays one. */
export function unitRows(values: Float32Array, samples: number, extra?: number): Rows {
  const own = values.length / samples;
  const width = own + (extra === undefined ? 0 : 1);
  const data = new Float64Array(samples * width);
  const row = (i: number) => data.subarray(i * width, (i + 1) * width);
  for (let i = 0; i < samples; i += 1) {
    const into = row(i);
    into.set(values.subarray(i * own, (i + 1) * own));
    if (extra !== undefined) into[own] = extra;
    const length = Math.hypot(...into) || 1;
    for (let j = 0; j < width; j += 1) into[j]! /= length;
  }
  return { width, row };
}

/** Per class the unit vector towards the mean of the rows, each weighed by its share; undefined of a class without any. */
function weighedMeans(
  points: Rows,
  shares: ArrayLike<number>,
  samples: number,
  classes: number,
): (Float64Array | undefined)[] {
  return Array.from({ length: classes }, (_, label) => {
    const sum = new Float64Array(points.width);
    for (let i = 0; i < samples; i += 1) {
      const share = shares[i * classes + label]!;
      if (share > 0) points.row(i).forEach((value, j) => (sum[j]! += share * value));
    }
    const length = Math.hypot(...sum);
    return length > 0 ? sum.map((value) => value / length) : undefined;
  });
}

function nearest(point: Float64Array, centroids: readonly (Float64Array | undefined)[]): number {
  const likeness = centroids.map((centroid) => (centroid ? dot(point, centroid) : -Infinity));
  return likeness.indexOf(Math.max(...likeness));
}

/** The sum of the products of two rows. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j += 1) sum += a[j]! * b[j]!;
  return sum;
}
