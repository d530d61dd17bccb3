import {
  add,
  concat,
  div,
  exp,
  eye,
  matMul,
  mean,
  mul,
  slice,
  sqrt,
  square,
  squaredDifference,
  sub,
  sum,
  transpose,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { stopGradient } from '../network/stop-gradient.ts';

/** What the mean embeddings of two batches are compared in. */
export interface MeanDiscrepancyOptions {
  /** Bandwidths in multiples of the batches' mean squared distance; DAN's five where absent. */
  readonly multiples?: readonly number[];
  /**
   * `unbiased` leaves out each sample's pair with itself (the default), `biased` takes all pairs, `linear` takes each sample with
   * the next one alone, in batches of one size.
   */
  readonly estimator?: 'unbiased' | 'biased' | 'linear';
}

/** Bandwidths of DAN as its authors and TLlib take them: 2^-3 to 2^1 times the mean squared distance. */
const DAN_MULTIPLES = [-3, -2, -1, 0, 1].map((power) => 2 ** power);

/** Covariance of the columns, `[width, width]`, over n - 1; 0 for a single row. */
function covariance(x: Tensor2D): Tensor2D {
  const centred = sub<Tensor2D>(x, mean(x, 0, true));
  return div(matMul(centred, centred, true), Math.max(1, x.shape[0] - 1));
}

/**
 * Deep CORAL (Sun and Saenko, 2016, arXiv 1607.01719): the squared Frobenius distance of the two covariances (over n - 1), over
 * 4 · width².
 *
 * @param labelled `[n, width]`
 * @param unlabelled `[m, width]`
 */
export function deepCoralLoss(labelled: Tensor2D, unlabelled: Tensor2D): Scalar {
  const distance = sum<Scalar>(squaredDifference(covariance(labelled), covariance(unlabelled)));
  return div(distance, 4 * labelled.shape[1] ** 2);
}

/**
 * CORAL as DomainBed, WILDS and TLlib compute it: the mean squared difference of the two means and that of the two covariances
 * (over n - 1), added. Shapes as in `deepCoralLoss`.
 */
export function coralLoss(labelled: Tensor2D, unlabelled: Tensor2D): Scalar {
  return add(
    mean<Scalar>(squaredDifference(mean(labelled, 0), mean(unlabelled, 0))),
    mean<Scalar>(squaredDifference(covariance(labelled), covariance(unlabelled))),
  );
}

/** Squared distances of all rows, `[n, n]`; each row's to itself is 0, not what rounding leaves of it. */
function squaredDistances(x: Tensor2D): Tensor2D {
  const squares = sum<Tensor2D>(square(x), 1, true);
  const distances = sub(add(squares, transpose(squares)), mul(matMul(x, x, false, true), 2));
  return mul(distances, sub(1, eye(x.shape[0])));
}

/** Blocks of a kernel matrix: labelled with labelled, unlabelled with unlabelled, one with the other. */
function blocks(kernel: Tensor2D, n: number, m: number): readonly [Tensor2D, Tensor2D, Tensor2D] {
  return [slice(kernel, [0, 0], [n, n]), slice(kernel, [n, n], [m, m]), slice(kernel, [0, n], [n, m])];
}

/** The mean over pairs; those of a row with itself left out where wanted (0 for a single row). */
function pairMean(block: Tensor2D, withoutItself: boolean): Scalar {
  const n = block.shape[0];
  if (!withoutItself) return mean(block);
  return div(sum<Scalar>(mul(block, sub(1, eye(n)))), Math.max(1, n * (n - 1)));
}

function discrepancy(kernel: Tensor2D, n: number, m: number, withoutItself: boolean): Scalar {
  const [own, others, between] = blocks(kernel, n, m);
  return sub(add(pairMean(own, withoutItself), pairMean(others, withoutItself)), mul(mean<Scalar>(between), 2));
}

/** Each sample with the next one of the batch, the last with the first: `k(s, s') + k(t, t') - k(s, t') - k(s', t)`, their mean. */
function linearDiscrepancy(kernel: Tensor2D, n: number, m: number): Scalar {
  if (n !== m) throw new RangeError(`The linear-time estimate pairs batches of one size, and has ${n} and ${m} rows.`);
  const [own, others, between] = blocks(kernel, n, m);
  const identity = eye(n);
  const next = n === 1 ? identity : concat([slice(identity, [1, 0], [n - 1, n]), slice(identity, [0, 0], [1, n])]);
  const ofNext = (block: Tensor) => div(sum<Scalar>(mul(block, next)), n);
  return sub(add(ofNext(own), ofNext(others)), add(ofNext(between), ofNext(transpose(between))));
}

/**
 * The squared maximum mean discrepancy under a sum of Gaussian kernels, as DAN takes it (Long et al., 2015, arXiv 1502.02791):
 * `Σ exp(-D / (2 c m))` over the multiples c, with m the mean of all squared distances D of the two batches together, as a constant.
 * The unbiased estimate may be negative; TLlib's printed value is greater by 2 / (n - 1).
 * Shapes as in `deepCoralLoss`.
 */
export function meanDiscrepancy(
  labelled: Tensor2D,
  unlabelled: Tensor2D,
  { multiples = DAN_MULTIPLES, estimator = 'unbiased' }: MeanDiscrepancyOptions = {},
): Scalar {
  const [n, m] = [labelled.shape[0], unlabelled.shape[0]];
  const distances = squaredDistances(concat([labelled, unlabelled]));
  // Two batches of one and the same vector lie at distance 0: the kernel is 1 everywhere, not 0 / 0.
  const scale = add(stopGradient(mean<Scalar>(distances)), 1e-12);
  const kernel = multiples
    .map((multiple) => exp<Tensor2D>(div(distances, mul(scale, -2 * multiple))))
    .reduce((total, each) => add(total, each));
  if (estimator === 'linear') return linearDiscrepancy(kernel, n, m);
  return discrepancy(kernel, n, m, estimator === 'unbiased');
}

/**
 * The biased squared maximum mean discrepancy under the sum of the kernels `exp(-gamma D)`, as DomainBed takes it, with seven
 * gammas from 0.001 to 1000 where none are given. Shapes as in `deepCoralLoss`.
 */
export function gaussianMeanDiscrepancy(
  labelled: Tensor2D,
  unlabelled: Tensor2D,
  gammas: readonly number[] = [1e-3, 1e-2, 1e-1, 1, 10, 100, 1000],
): Scalar {
  const distances = squaredDistances(concat([labelled, unlabelled]));
  const kernel = gammas.map((gamma) => exp<Tensor2D>(mul(distances, -gamma))).reduce((total, each) => add(total, each));
  return discrepancy(kernel, labelled.shape[0], unlabelled.shape[0], false);
}

/**
 * Each column less its mean, over its standard deviation (biased variance plus epsilon): what batch norm by a domain's own
 * statistics does (AdaBN, Li et al., 2016, arXiv 1603.04779). `[n, width]`
 */
export function standardised(x: Tensor2D, epsilon = 1e-5): Tensor2D {
  const centred = sub<Tensor2D>(x, mean(x, 0, true));
  return div(centred, sqrt(add(mean(square(centred), 0, true), epsilon)));
}
