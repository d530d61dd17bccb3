import type { Interpolation } from '@headstart/core/images';

/** How pictures become a backbone's input. Plain JSON: part of the feature store's key. */
export interface ImagePreprocessing {
  /** Size of the input in pixels. */
  readonly height: number;
  readonly width: number;
  /** 3 for RGB, 1 for luma (ITU-R BT.601). */
  readonly channels: 1 | 3;
  /** The order of three channels in the input; RGB where absent. */
  readonly order?: 'BGR';
  /** One number per channel, in the scale of 8-bit pixels (0 to 255): input = (pixel - mean) / deviation. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly interpolation: Interpolation;
  /** `stretch` maps the whole picture onto the input; `center` takes the largest centred square of it. */
  readonly crop: 'stretch' | 'center';
  /** The share of the centred square's side that is kept, in (0, 1]; 1 with `stretch`. */
  readonly cropFraction: number;
  readonly layout: 'NHWC';
}
