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

/**
 * A feature pyramid (Lin et al., 2017, "Feature pyramid networks for object detection"): 1x1 convolutions
 * to 128 channels, sums from the coarse to the fine, and a 3x3 convolution a level. Undefined where the maps
 * have one width: such a backbone brings a pyramid of its own.
 */
export function featurePyramid(levels: readonly Level[]): Neck | undefined {
  const widths = levels.map(({ feature }) => feature.shape[2]!);
  if (new Set(widths).size === 1) return undefined;
  const laterals = levels.map(({ stride }, i) => new Convolution({ kernel: `lateral/${stride}/kernel`, bias: `lateral/${stride}/bias`, size: 1, inputs: widths[i]!, outputs: CHANNELS, slope: SLOPE }));
  const towers = levels.map(({ stride }) => new Convolution({ kernel: `tower/${stride}/kernel`, bias: `tower/${stride}/bias`, size: 3, inputs: CHANNELS, outputs: CHANNELS, slope: SLOPE }));
  return {
    layers: [...laterals, ...towers],
    channels: CHANNELS,
    forward(maps) {
      const merged: Tensor[] = [];
      for (let i = maps.length - 1; i >= 0; i--) {
        const own = laterals[i]!.forward(maps[i]!);
        merged[i] = i === maps.length - 1 ? own : add(own, enlarge(merged[i + 1]!, own));
      }
      return merged.map((map, i) => towers[i]!.forward(map));
    },
  };
}

function enlarge(x: Tensor, like: Tensor): Tensor {
  return image.resizeBilinear(x as Tensor4D, [like.shape[1]!, like.shape[2]!], false, true);
}
