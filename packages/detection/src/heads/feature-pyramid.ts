import { add, image, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import type { Layer } from '@headstart/core';
import { Convolution } from '../layers/convolution.ts';
import type { Level } from './cells.ts';

const CHANNELS = 128;
const SLOPE = 0.1;

/** Layers that make maps of one width of a classifier's. */
export interface Neck {
  readonly layers: readonly Layer[];
  readonly channels: number;
  /** @param maps from the finest to the coarsest */
  forward(maps: readonly Tensor[]): Tensor[];
}

/** A pyramid for maps of several widths; undefined where they have one: such a backbone brings its own. */
export function featurePyramid(levels: readonly Level[]): Neck | undefined {
  const widths = new Set(levels.map(({ feature }) => feature.shape[2]!));
  return widths.size === 1 ? undefined : pyramid(levels);
}

/**
 * A feature pyramid (Lin et al., 2017, "Feature pyramid networks for object detection"): 1x1 convolutions
 * to 128 channels, sums from the coarse to the fine, and a 3x3 convolution a level.
 *
 * @param count of levels that are wanted, from the finest on
 */
export function pyramid(levels: readonly Level[], count = levels.length): Neck {
  const convolution = (part: string, { stride }: Level, size: 1 | 3, inputs: number) =>
    new Convolution({ kernel: `${part}/${stride}/kernel`, bias: `${part}/${stride}/bias`, size, inputs, outputs: CHANNELS, slope: SLOPE });
  const laterals = levels.map((level) => convolution('lateral', level, 1, level.feature.shape[2]!));
  const towers = levels.slice(0, count).map((level) => convolution('tower', level, 3, CHANNELS));
  return {
    layers: [...laterals, ...towers],
    channels: CHANNELS,
    forward(maps) {
      const merged: Tensor[] = [];
      for (let i = maps.length - 1; i >= 0; i--) {
        const own = laterals[i]!.forward(maps[i]!);
        merged[i] = i === maps.length - 1 ? own : add(own, enlarge(merged[i + 1]!, own));
      }
      return towers.map((tower, i) => tower.forward(merged[i]!));
    },
  };
}

function enlarge(x: Tensor, like: Tensor): Tensor {
  return image.resizeBilinear(x as Tensor4D, [like.shape[1]!, like.shape[2]!], false, true);
}
