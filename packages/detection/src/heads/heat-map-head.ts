import {
  add,
  concat,
  equal,
  image,
  maxPool,
  mul,
  onesLike,
  relu,
  reshape,
  split,
  sub,
  tensor1d,
  tensor2d,
  where,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import {
  assignValues,
  constant,
  Convolution,
  inheritHead,
  layerStage,
  normal,
  stageInput,
  type Backbone,
  type Head,
} from '@headstart/core/network';
import type { RandomStream } from '@headstart/core';
import { leakyConvolution } from '../layers/leaky-convolution.ts';
import { cellsOf } from './cells.ts';
import { pyramid } from './feature-pyramid.ts';
import { heatGrid, type HeatGrid } from './heat-grid.ts';

const CHANNELS = 64;
const SLOPE = 0.1;
const STANDARD_DEVIATION = 0.01;
/** Share of cells that a fresh head takes for the middle of an object (Zhou et al., 2019, section 5). */
const PRIOR = 0.1;
/** Cells that a width or height of 1 stands for: 64 pixels, an object of middling size. */
const SIZE_UNIT = 16;
/** What stands for the logit of a cell that is not a peak. */
const NO_PEAK = -1e4;

/**
 * A head of heat maps (Zhou et al., 2019, "Objects as points") on a grid of stride 4: `heat` `[batch, cells,
 * classes]` (logits of a cell to hold the middle of an object) and `extent` `[batch, cells, 4]` (width and
 * height in cells, the middle's place in its cell). As the dense head does, it also gives `logits`, those of
 * cells that are the highest of the nine around them, others far below zero, and `xyxy`, corners in pixels of the
 * input. A pyramid of the backbone's maps is part of it.
 * What a source with such a head knows is taken over: all but classes of other names.
 */
export function heatMapHead(backbone: Backbone, labels: readonly string[], random: RandomStream): Head {
  const { levels } = cellsOf(backbone);
  const grid = heatGrid(backbone);
  const neck = pyramid(levels, 1);
  const mixing = leakyConvolution({
    kernel: 'mixing/kernel',
    bias: 'mixing/bias',
    size: 3,
    inputs: neck.channels,
    outputs: CHANNELS,
    slope: SLOPE,
  });
  const heat = new Convolution({
    kernel: 'heat/kernel',
    bias: 'heat/bias',
    size: 1,
    inputs: CHANNELS,
    outputs: labels.length,
    initialiser: normal(STANDARD_DEVIATION),
    biasInitialiser: constant(-Math.log((1 - PRIOR) / PRIOR)),
  });
  const extent = new Convolution({
    kernel: 'extent/kernel',
    bias: 'extent/bias',
    size: 1,
    inputs: CHANNELS,
    outputs: 4,
    initialiser: normal(STANDARD_DEVIATION),
    biasInitialiser: (bias) => assignValues(bias, Float32Array.of(1, 1, 0.5, 0.5)),
  });
  const stage = layerStage('head', [...neck.layers, mixing, heat, extent], (inputs) => {
    const [finest] = neck.forward(levels.map(({ feature }) => stageInput(inputs, feature.tensor)));
    const map = mixing.forward(image.resizeBilinear(finest as Tensor4D, [grid.rows, grid.columns], false, true));
    const [scores, extents] = [
      heat.forward(map),
      cellRows(mul(extent.forward(map), tensor1d([SIZE_UNIT, SIZE_UNIT, 1, 1]))),
    ];
    return { heat: cellRows(scores), extent: extents, logits: cellRows(peaks(scores)), xyxy: xyxyOf(extents, grid) };
  });
  stage.initialise(random);
  inheritHead(backbone.sourceHead, stage.variables, new Set(heat.variables), labels);
  return stage;
}

function cellRows(map: Tensor): Tensor {
  const [batch, rows, columns, channels] = map.shape as [number, number, number, number];
  return reshape(map, [batch, rows * columns, channels]);
}

/** The values that are the highest of the nine cells around them; the others' are `NO_PEAK`. */
function peaks(map: Tensor4D): Tensor {
  return where(equal(map, maxPool(map, 3, 1, 'same')), map, mul(onesLike(map), NO_PEAK));
}

/** Corners in pixels; a width below zero counts as zero. */
function xyxyOf(extent: Tensor, { rows, columns, stride }: HeatGrid): Tensor {
  const corner = tensor2d(
    Float32Array.from({ length: 2 * rows * columns }, (_, i) =>
      i % 2 === 0 ? (i >> 1) % columns : Math.floor((i >> 1) / columns),
    ),
    [rows * columns, 2],
  );
  const [size, place] = split(extent, 2, 2) as [Tensor, Tensor];
  const half = mul(relu(size), 0.5);
  const middle = add(place, corner);
  return mul(concat([sub(middle, half), add(middle, half)], 2), stride);
}
