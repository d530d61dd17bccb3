import {
  add,
  avgPool,
  concat,
  image,
  maxPool,
  pad,
  reshape,
  split,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import {
  layerStage,
  stageInput,
  type Convolution,
  type FeatureInfo,
  type Stage,
  type Tensors,
} from '@headstart/core/network';
import { leakyConvolution } from '../layers/leaky-convolution.ts';

const SLOPE = 0.1;
/** Below every activation; what pads a maximum. */
const LOWEST = -3e38;
const STEM = 32;
/** Channels of the pyramid and of the head's towers. */
export const PYRAMID = 128;
/** Numbers per side: the distance is distributed over 0 … BINS - 1 strides. */
export const BINS = 11;
export const STRIDES = [8, 16, 32] as const;
const CLASSES = 80;

/** CSP stages in order; `stride` of the first convolution, `outputs` is half of what the stage hands on. */
const CSP = [
  { name: 'csp1', inputs: STEM, outputs: 32, blocks: 1, stride: 1, map: undefined },
  { name: 'csp2', inputs: 64, outputs: 64, blocks: 2, stride: 2, map: 'c8' },
  { name: 'csp3', inputs: 128, outputs: 128, blocks: 2, stride: 2, map: 'c16' },
  { name: 'csp4', inputs: 256, outputs: 256, blocks: 3, stride: 2, map: 'c32' },
] as const;

export interface NanoDetNetwork {
  /** `stem`, `csp1` … `csp4`, `neck`, `tower`. */
  readonly stages: readonly Stage[];
  /** The last 1x1 convolutions: `logits` and `distances` as the heads of this package give them. */
  readonly predictor: Stage;
  readonly features: readonly FeatureInfo[];
}

/**
 * NanoDet with a CSP backbone (RangiLyu, 2020; Wang et al., 2020, "CSPNet"), batch norm folded into its
 * convolutions, for inputs whose sides are multiples of 32:
 *
 * - `stem`: convolution and max pooling, stride 4, gives `map`;
 * - `csp1` … `csp4` hand on `map` and what is kept for the pyramid: `c8`, `c16`, `c32`;
 * - `neck`: a path aggregation network (Liu et al., 2018) of sums, gives `p8`, `p16`, `p32`;
 * - `tower`: a 3x3 convolution per level, gives `t8`, `t16`, `t32`.
 *
 * Convolutions are numbered in the order of the published graph, whose names their variables bear.
 */
export function nanoDetNetwork(height: number, width: number): NanoDetNetwork {
  let number = 0;
  const next = (
    size: 1 | 3,
    inputs: number,
    outputs: number,
    { stride = 1, linear = false }: { stride?: 1 | 2; linear?: boolean } = {},
  ) => leakyConvolution({ ...graphNames(number++), size, inputs, outputs, stride, slope: linear ? undefined : SLOPE });

  const first = next(3, 3, STEM, { stride: 2 });
  const stem = layerStage('stem', [first], (inputs) => ({
    map: overlappingMaxPool(first.forward(stageInput(inputs, 'image'))),
  }));
  const csp = CSP.map((row) => cspStage(row, next));
  const laterals = CSP.slice(1).map(({ outputs }) => next(1, 2 * outputs, PYRAMID, { linear: true }));
  const neck = layerStage('neck', laterals, (inputs) =>
    aggregatePaths(laterals.map((lateral, i) => lateral.forward(stageInput(inputs, `c${STRIDES[i]}`)))),
  );
  const towers: Convolution[] = [];
  const predictors: Convolution[] = [];
  for (let level = 0; level < STRIDES.length; level++) {
    towers.push(next(3, PYRAMID, PYRAMID));
    predictors.push(next(1, PYRAMID, CLASSES + 4 * BINS, { linear: true }));
  }
  const tower = layerStage('tower', towers, (inputs) =>
    perLevel('t', (stride, i) => towers[i]!.forward(stageInput(inputs, `p${stride}`))),
  );
  const predictor = layerStage('predictor', predictors, (inputs) =>
    predict(predictors.map((layer, i) => layer.forward(stageInput(inputs, `t${STRIDES[i]}`)))),
  );
  return { stages: [stem, ...csp, neck, tower], predictor, features: featuresFor(height, width) };
}

/** Names of the variables of a convolution in the published graph. */
function graphNames(number: number): { kernel: string; bias: string } {
  const HEAD = 28;
  // The graph's other constants take part in the numbering from the head on.
  const biases: Readonly<Record<number, number>> = { 28: 60, 29: 62, 30: 66, 31: 68, 32: 70, 33: 72 };
  const bias = number < HEAD ? 2 * number : biases[number]!;
  return { kernel: `PartitionedCall/split${number === 0 ? '' : `_${number}`}`, bias: `unknown_${bias}` };
}

/** Maximum over 3 x 3 cells, stride 2, padded on every side. */
function overlappingMaxPool(x: Tensor4D): Tensor4D {
  return maxPool(
    pad(
      x,
      [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ],
      LOWEST,
    ),
    3,
    2,
    'valid',
  );
}

type Next = (size: 1 | 3, inputs: number, outputs: number, options?: { stride?: 1 | 2 }) => Convolution;

/** A stage of the backbone: what enters is filtered, half of it again by residual blocks, and both are joined. */
function cspStage({ name, inputs, outputs, blocks, stride, map: keptAs }: (typeof CSP)[number], next: Next): Stage {
  const entry = next(3, inputs, outputs, { stride });
  const pairs = Array.from(
    { length: blocks },
    () => [next(3, outputs, outputs / 2), next(3, outputs / 2, outputs / 2)] as const,
  );
  const exit = next(3, outputs, outputs);
  return layerStage(name, [entry, ...pairs.flat(), exit], (given) => {
    const entered = entry.forward(stageInput(given, 'map'));
    const filtered = pairs.reduce((x, [reduce, filter]) => {
      const reduced = reduce.forward(x);
      return concat([filter.forward(reduced), reduced], 3);
    }, entered);
    const map = concat([exit.forward(filtered), entered], 3);
    // What is handed on is a tensor of its own: whoever runs the stages one by one frees what went in.
    const kept: Record<string, Tensor> = Object.fromEntries(
      Object.entries(given).flatMap(([tensor, value]) => (tensor === 'map' ? [] : [[tensor, value.clone()]])),
    );
    if (keptAs !== undefined) kept[keptAs] = map;
    return name === CSP[3].name ? kept : { ...kept, map };
  });
}

/** From the coarse to the fine maps and back again, by sums. @param maps from stride 8 to 32 */
function aggregatePaths([fine, middle, coarse]: readonly Tensor4D[]): Tensors {
  const down16 = add<Tensor4D>(middle!, enlarge(coarse!));
  const p8 = add<Tensor4D>(fine!, enlarge(down16));
  const p16 = add<Tensor4D>(down16, reduce(p8));
  const p32 = add<Tensor4D>(coarse!, reduce(p16));
  return { p8, p16, p32 };
}

function enlarge(x: Tensor4D): Tensor4D {
  return image.resizeBilinear(x, [2 * x.shape[1], 2 * x.shape[2]], false, true);
}

/** Bilinear resizing to half the size with half-pixel centres takes the mean of two by two cells. */
function reduce(x: Tensor4D): Tensor4D {
  return avgPool(x, 2, 2, 'valid');
}

function perLevel(prefix: string, make: (stride: number, index: number) => Tensor4D): Tensors {
  return Object.fromEntries(STRIDES.map((stride, i) => [`${prefix}${stride}`, make(stride, i)]));
}

function predict(maps: readonly Tensor4D[]): Tensors {
  const parts = maps.map((map) => {
    const [batch, height, width, channels] = map.shape;
    return split(reshape(map, [batch, height * width, channels]), [CLASSES, 4 * BINS], 2);
  });
  return {
    logits: concat(
      parts.map(([logits]) => logits!),
      1,
    ),
    distances: concat(
      parts.map(([, distances]) => distances!),
      1,
    ),
  };
}

function featuresFor(height: number, width: number): FeatureInfo[] {
  const level = (prefix: string, stage: string, stride: number, channels: number): FeatureInfo => ({
    name: `${prefix}${stride}`,
    stage,
    tensor: `${prefix}${stride}`,
    shape: [height / stride, width / stride, channels],
    kind: 'map',
    stride,
  });
  return [
    ...CSP.slice(1).map(({ name, outputs }, i) => level('c', name, STRIDES[i]!, 2 * outputs)),
    ...STRIDES.map((stride) => level('p', 'neck', stride, PYRAMID)),
    ...STRIDES.map((stride) => level('t', 'tower', stride, PYRAMID)),
  ];
}
