import { add, image, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import type { Convolution, Layer } from '@headstart/core/network';
import { leakyConvolution } from '../layers/leaky-convolution.ts';
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

/**
 * What a head needs before its last convolutions: a pyramid for maps of several widths, a 3x3 convolution a
 * level for maps of one, which are a pyramid. Undefined for those of a detector, which brings both.
 */
export function featurePyramid(levels: readonly Level[]): Neck | undefined {
  const widths = new Set(levels.map(({ feature }) => feature.shape[2]!));
  if (widths.size > 1) return pyramid(levels);
  return levels.every(({ refined }) => refined) ? undefined : towers(levels);
}

function convolution(part: string, { stride }: Level, size: 1 | 3, inputs: number): Convolution {
  return leakyConvolution({
    kernel: `${part}/${stride}/kernel`,
    bias: `${part}/${stride}/bias`,
    size,
    inputs,
    outputs: CHANNELS,
    slope: SLOPE,
  });
}

function towers(levels: readonly Level[]): Neck {
  const layers = levels.map((level) => convolution('tower', level, 3, level.feature.shape[2]!));
  return { layers, channels: CHANNELS, forward: (maps) => layers.map((layer, i) => layer.forward(maps[i]!)) };
}

/**
 * A feature pyramid (Lin et al., 2017, "Feature pyramid networks for object detection"): 1x1 convolutions
 * to 128 channels, sums from the coarse to the fine, and a 3x3 convolution per level.
 *
 * @param count of levels that are wanted, from the finest on
 */
export function pyramid(levels: readonly Level[], count = levels.length): Neck {
  const laterals = levels.map((level) => convolution('lateral', level, 1, level.feature.shape[2]!));
  const tops = levels.slice(0, count).map((level) => convolution('tower', level, 3, CHANNELS));
  return {
    layers: [...laterals, ...tops],
    channels: CHANNELS,
    forward(maps) {
      const merged: Tensor[] = [];
      for (let i = maps.length - 1; i >= 0; i--) {
        const own = laterals[i]!.forward(maps[i]!);
        merged[i] = i === maps.length - 1 ? own : add(own, enlarge(merged[i + 1]!, own));
      }
      return tops.map((top, i) => top.forward(merged[i]!));
    },
  };
}

function enlarge(x: Tensor, like: Tensor): Tensor {
  return image.resizeBilinear(x as Tensor4D, [like.shape[1]!, like.shape[2]!], false, true);
}
