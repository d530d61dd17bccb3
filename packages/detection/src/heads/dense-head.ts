import { add, concat, mul, reshape, tensor1d, tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import {
  constant,
  Convolution,
  inheritHead,
  layerStage,
  normal,
  stageInput,
  type Backbone,
  type Head,
  type Layer,
  type Tensors,
} from '@headstart/core/network';
import type { RandomStream } from '@headstart/core';
import { ltrbOf } from '../losses/detection-loss.ts';
import { cellsOf, type Cells, type Level } from './cells.ts';
import { inheritPredictor } from './inherit-predictor.ts';
import { featurePyramid, type Neck } from './feature-pyramid.ts';

/** Numbers per side: a distance is distributed over 0 … BINS - 1 strides. */
export const BINS = 11;
/** Share of cells that a fresh head takes for an object of a class (Lin et al., 2017, "Focal loss", section 4.1). */
const PRIOR = 0.01;
const STANDARD_DEVIATION = 0.01;

/** The last 1x1 convolutions of one level: one to the classes, one to the distances. */
export interface Predictor extends Layer {
  readonly classes: Convolution;
  readonly distances: Convolution;
}

/**
 * The head of an anchor-free one-stage detector (Tian et al., 2019, "FCOS"; Li et al., 2020, "Generalized
 * focal loss"): every cell of the strides 8, 16 and 32 gives `logits` `[batch, cells, classes]`, as
 * distributions over 11 bins per side `distances` `[batch, cells, 44]`, and what these come to as `xyxy`
 * `[batch, cells, 4]`: left, top, right and bottom of the box in pixels of the input.
 *
 * On a backbone that has a pyramid already (maps of one width) the head is a 1x1 convolution per level. On another
 * one a feature pyramid and a 3x3 convolution per level are part of the head. Either way it takes over what the
 * source's own head knows: the boxes, and classes of the same name.
 */
export function denseHead(backbone: Backbone, labels: readonly string[], random: RandomStream): Head {
  const cells = cellsOf(backbone);
  const { levels } = cells;
  const neck = featurePyramid(levels);
  const predictors = levels.map((level) => predictor(level, neck?.channels ?? level.feature.shape[2]!, labels.length));
  const layers: Layer[] = [...(neck?.layers ?? []), ...predictors];
  const stage = layerStage('head', layers, (inputs) => predict(mapsOf(inputs, levels, neck), predictors, cells));
  stage.initialise(random);
  if (!neck) inheritPredictor(backbone.sourceHead, predictors, labels);
  inheritHead(
    backbone.sourceHead,
    stage.variables,
    new Set(predictors.flatMap(({ classes }) => classes.variables)),
    labels,
  );
  return stage;
}

function mapsOf(inputs: Tensors, levels: readonly Level[], neck: Neck | undefined): Tensor[] {
  const maps = levels.map(({ feature }) => stageInput(inputs, feature.tensor));
  return neck ? neck.forward(maps) : maps;
}

function predict(maps: readonly Tensor[], predictors: readonly Predictor[], cells: Cells): Tensors {
  const rows = (map: Tensor) => reshape(map, [map.shape[0], map.shape[1]! * map.shape[2]!, map.shape[3]!]);
  const distances = concat(
    maps.map((map, i) => rows(predictors[i]!.distances.forward(map))),
    1,
  );
  return {
    logits: concat(
      maps.map((map, i) => rows(predictors[i]!.classes.forward(map))),
      1,
    ),
    distances,
    xyxy: xyxyOf(ltrbOf(distances), cells),
  };
}

/** Corners in pixels of boxes, from the distances in strides between their sides and the middle of their cell. */
function xyxyOf(ltrb: Tensor, { count, x, y, stride }: Cells): Tensor {
  const middles = Float32Array.from({ length: 4 * count }, (_, i) => (i % 2 === 0 ? x : y)[i >> 2]!);
  const strides = mul(tensor2d(stride, [count, 1]), tensor1d([-1, -1, 1, 1]));
  return add(mul(ltrb, strides), tensor2d(middles, [count, 4]));
}

function predictor({ stride }: Level, inputs: number, classCount: number): Predictor {
  const layer = (name: string, outputs: number, bias: number) =>
    new Convolution({
      kernel: `${name}/${stride}/kernel`,
      bias: `${name}/${stride}/bias`,
      size: 1,
      inputs,
      outputs,
      decay: false,
      initialiser: normal(STANDARD_DEVIATION),
      biasInitialiser: constant(bias),
    });
  const [classes, distances] = [
    layer('classes', classCount, -Math.log((1 - PRIOR) / PRIOR)),
    layer('distances', 4 * BINS, 0),
  ];
  return {
    classes,
    distances,
    variables: [...classes.variables, ...distances.variables],
    initialise(random) {
      classes.initialise(random);
      distances.initialise(random);
    },
  };
}
