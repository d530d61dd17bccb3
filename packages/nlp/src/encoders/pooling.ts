import {
  add,
  cast,
  div,
  equal,
  expandDims,
  matMul,
  max,
  maximum,
  mul,
  range,
  reshape,
  rsqrt,
  square,
  squeeze,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { layerStage, stageInput, type Stage } from '@headstart/core/network';

/** How a text's vector is made of its tokens'. */
export const POOLINGS = ['mean', 'cls', 'max', 'weighted-mean', 'last'] as const;
export type Pooling = (typeof POOLINGS)[number];

export interface PoolingOptions {
  readonly pooling: Pooling;
  /** Whether vectors are scaled to length 1. */
  readonly normalise: boolean;
}

/** Added to padding's values, so that it is never the largest. */
const PADDING = -1e9;

/**
 * The stage `pool`: from `hidden` `[batch, length, width]` and `mask` `[batch, length]` to `pooled` `[batch, width]`. No weights.
 *
 * @param window what is longer is so many windows of this length: the mean of their vectors by numbers of tokens, scaled
 * to length 1 after that; of the largest values the largest
 */
export function poolStage({ pooling, normalise }: PoolingOptions, window: number): Stage {
  return layerStage('pool', [], (inputs) => {
    const hidden = stageInput(inputs, 'hidden');
    const mask = cast(stageInput(inputs, 'mask'), 'float32');
    const pooled =
      pooling === 'max'
        ? maxOver(hidden, mask)
        : squeeze(matMul(expandDims(sharesOf(pooling, mask, window), 1), hidden), [1]);
    return { pooled: normalise ? toUnitLength(pooled) : pooled };
  });
}

/** Each token's share of the text's vector, `[batch, length]`. */
const SHARES: Readonly<Record<Exclude<Pooling, 'max'>, (mask: Tensor) => Tensor>> = {
  mean: toShares,
  // The i-th token counts i times (Muennighoff, 2022, "SGPT").
  'weighted-mean': (mask) => toShares(mul(places(mask), mask)),
  cls: (mask) => mul(mask, cast(equal(places(mask), 1), 'float32')),
  last: (mask) => mul(mask, cast(equal(places(mask), sum(mask, 1, true)), 'float32')),
};

/** A token's share in its window times the window's in the text. */
function sharesOf(pooling: Exclude<Pooling, 'max'>, mask: Tensor, window: number): Tensor {
  const [batch, length] = mask.shape as [number, number];
  if (length <= window) return SHARES[pooling](mask);
  const windows = reshape(mask, [-1, window]);
  const ofWindows = toShares(reshape(sum(windows, 1), [batch, length / window]));
  return reshape(mul(SHARES[pooling](windows), reshape(ofWindows, [-1, 1])), [batch, length]);
}

function toShares(weights: Tensor): Tensor {
  return div(weights, maximum(sum(weights, 1, true), 1));
}

/** 1, 2, …, length. */
function places(mask: Tensor): Tensor {
  return range(1, mask.shape[1]! + 1);
}

function maxOver(hidden: Tensor, mask: Tensor): Tensor {
  return max(add(hidden, expandDims(mul(sub(1, mask), PADDING), 2)), 1);
}

/** A text without a token keeps its zeros. */
function toUnitLength(x: Tensor): Tensor {
  return mul(x, rsqrt(add(sum(square(x), 1, true), 1e-24)));
}
