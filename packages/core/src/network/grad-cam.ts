import { grad, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Backbone, FeatureInfo } from './backbone.ts';
import type { Head } from './head.ts';
import { runStages } from './run-stages.ts';
import type { Stage } from './stage.ts';
import type { HostTensors, TensorSpecs } from './tensors.ts';

/** How much each cell of a feature map speaks for a class, row-major; 0 is none, 1 the map's strongest. */
export interface HeatMap {
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
  /** The class that was explained. */
  readonly label: number;
  /** Logits of all classes. */
  readonly logits: Float32Array;
}

/** The sample and the network that `gradCam` looks into. */
export interface GradCamRequest {
  readonly backbone: Backbone;
  readonly head: Head;
  /** One sample's encoded tensors. */
  readonly inputs: HostTensors;
  readonly specs: TensorSpecs;
  /** The class to explain; the likeliest where absent. */
  readonly label?: number;
}

/**
 * Grad-CAM (Selvaraju et al., 2017): the channels of the last feature map, each weighted by the mean
 * over cells of d logit / d channel, added up; what speaks against the class is cut off at 0. Divided
 * by the greatest value, so that 1 is the strongest cell (all 0 where nothing speaks for the class).
 * @throws HeadstartError `not-supported` for a backbone without a feature map
 */
export async function gradCam({ backbone, head, inputs, specs, label }: GradCamRequest): Promise<HeatMap> {
  const feature = lastMap(backbone);
  const at = backbone.stages.findIndex(({ name }) => name === feature.stage) + 1;
  const above: readonly Stage[] = [...backbone.stages.slice(at), head];
  const middle = tidy(() => {
    const batch = Object.entries(specs).map(
      ([name, { shape, dtype }]) => [name, tensor(inputs[name]!, [1, ...shape], dtype)] as const,
    );
    return runStages(backbone.stages.slice(0, at), Object.fromEntries<Tensor>(batch));
  });
  try {
    const toLogits = (map: Tensor) => runStages(above, { ...middle, [feature.tensor]: map })['logits']!;
    const map = middle[feature.tensor]!;
    const logits = await read(() => toLogits(map));
    const chosen = label ?? logits.indexOf(Math.max(...logits));
    const slope = await read(() => grad((x: Tensor) => toLogits(x).slice([0, chosen], [1, 1]).sum())(map));
    const [, height, width, channels] = map.shape as [number, number, number, number];
    const values = weigh(await map.data<'float32'>(), slope, channels);
    return { height, width, values, label: chosen, logits };
  } finally {
    for (const value of Object.values(middle)) value.dispose();
  }
}

function lastMap(backbone: Backbone): FeatureInfo {
  const feature = backbone.features.findLast(({ kind }) => kind === 'map');
  if (feature) return feature;
  throw new HeadstartError({
    code: 'not-supported',
    message: `${backbone.architecture} has no feature map, so where it looks cannot be shown.`,
    hint: 'Predict without --explain, or train on a convolutional source.',
  });
}

async function read(compute: () => Tensor): Promise<Float32Array> {
  const result = tidy(compute);
  const values = await result.data<'float32'>();
  result.dispose();
  return values;
}

/** `max(0, Σ_c w_c A_c)` a cell with w_c the mean slope of channel c, scaled to a greatest value of 1. */
export function weigh(map: Float32Array, slope: Float32Array, channels: number): Float32Array {
  const cells = map.length / channels;
  const weights = new Float64Array(channels);
  for (let i = 0; i < slope.length; i++) weights[i % channels]! += slope[i]! / cells;
  const heat = Float64Array.from({ length: cells }, (_, cell) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += weights[c]! * map[cell * channels + c]!;
    return Math.max(0, sum);
  });
  const greatest = heat.reduce((most, value) => Math.max(most, value), 0);
  return Float32Array.from(heat, (value) => (greatest > 0 ? value / greatest : 0));
}

/** The heat at a place given by shares of the map's width and height; beyond the outer centres it stays level. */
export function heatAt({ width, height, values }: HeatMap, u: number, v: number): number {
  const x = Math.min(width - 1, Math.max(0, u * width - 0.5));
  const y = Math.min(height - 1, Math.max(0, v * height - 0.5));
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, bottom] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
  const above = values[top * width + left]! * (1 - (x - left)) + values[top * width + right]! * (x - left);
  const below = values[bottom * width + left]! * (1 - (x - left)) + values[bottom * width + right]! * (x - left);
  return above * (1 - (y - top)) + below * (y - top);
}
