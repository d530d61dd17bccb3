/** How pictures become a detector's input. Plain JSON: part of the feature store's key. */
export interface DetectorPreprocessing {
  /** Size of the input in pixels. */
  readonly height: number;
  readonly width: number;
  /** The order of the channels in the input. */
  readonly order: 'RGB' | 'BGR';
  /** One number a channel in that order, in the scale of 8-bit pixels: input = (pixel - mean) / deviation. */
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
