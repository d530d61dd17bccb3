import { HeadstartError } from '@headstart/core';
import type { Backbone } from '@headstart/core/network';

/** How pictures become a detector's input. Plain JSON: part of the feature store's key. */
export interface DetectorPreprocessing {
  /** Size of the input in pixels. */
  readonly height: number;
  readonly width: number;
  /** The order of the channels in the input. */
  readonly order: 'RGB' | 'BGR';
  /** One number per channel in that order, in the scale of 8-bit pixels: input = (pixel - mean) / deviation. */
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
  readonly interpolation: 'bilinear' | 'bicubic';
  /**
   * `letterbox` keeps the picture's proportions and fills the rest of the input with black; `stretch` maps
   * the whole picture onto the whole input.
   */
  readonly fit: 'letterbox' | 'stretch';
  readonly layout: 'NHWC';
}

/** What any source of pictures says of its input, as far as a detector needs it. */
interface PicturePreprocessing {
  readonly channels: number;
  readonly order?: 'RGB' | 'BGR';
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Whether a backbone was made for detection: its source says how whole pictures fit into the input. */
export function isDetector({ input }: Pick<Backbone, 'input'>): boolean {
  return (input.preprocessing as Partial<DetectorPreprocessing> | undefined)?.fit !== undefined;
}

/**
 * How a backbone takes pictures for detection. One that takes pictures in colour but is not a detector's gets the
 * whole picture in its proportions, where a classifier would cut its middle out.
 *
 * @throws HeadstartError `not-supported` for a source that takes anything but one picture in colour
 */
export function detectorPreprocessing(backbone: Backbone): DetectorPreprocessing {
  const specs = Object.values(backbone.input.tensors);
  const [height = 0, width = 0, channels = 0] = specs[0]?.shape ?? [];
  const { mean, deviation, order } = (backbone.input.preprocessing ?? {}) as Partial<PicturePreprocessing>;
  if (
    specs.length !== 1 ||
    specs[0]!.dtype !== 'float32' ||
    specs[0]!.shape.length !== 3 ||
    channels !== 3 ||
    mean?.length !== 3 ||
    deviation?.length !== 3
  ) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `${backbone.architecture} is not a source for detection: it does not take one picture as [height, width, 3].`,
      hint: 'Choose one that is, such as nanodet-coco or efficientnet-lite0-fpn.',
    });
  }
  if (isDetector(backbone)) return backbone.input.preprocessing as DetectorPreprocessing;
  return {
    height,
    width,
    order: order ?? 'RGB',
    mean: triple(mean),
    deviation: triple(deviation),
    interpolation: 'bilinear',
    fit: 'letterbox',
    layout: 'NHWC',
  };
}

function triple(values: readonly number[]): [number, number, number] {
  return [values[0]!, values[1]!, values[2]!];
}
