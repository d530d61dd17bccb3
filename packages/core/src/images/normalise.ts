import type { Pixels } from './image.ts';

/** How 8-bit pixels become numbers: input = (pixel - mean) / deviation, per channel in the input's order. */
export interface PixelScale {
  /** 3 for colours, 1 for luma (ITU-R BT.601). */
  readonly channels: 1 | 3;
  /** The order of three channels in the input; RGB where absent. */
  readonly order?: 'RGB' | 'BGR';
  /** One number per channel, in the scale of 8-bit pixels (0 to 255). */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Luma of an 8-bit sRGB pixel, ITU-R BT.601 in 16-bit fixed point; equal channels stay as they are. */
export function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}

/** `[height, width, channels]` floats: (pixel - mean) / deviation per channel, in the input's order of channels. */
export function normalise(
  { data }: Pick<Pixels, 'data'>,
  { channels, order, mean, deviation }: PixelScale,
): Float32Array {
  const count = data.length / 3;
  const result = new Float32Array(count * channels);
  const scaled = Array.from({ length: channels }, (_, c) => scaledBytes(mean[c]!, deviation[c]!));
  if (channels === 1) {
    const [grey] = scaled as [Float32Array];
    for (let i = 0; i < count; i++) result[i] = grey[luma(data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!)]!;
    return result;
  }
  const [first, second, third] = scaled as [Float32Array, Float32Array, Float32Array];
  const [from, to] = order === 'BGR' ? [2, 0] : [0, 2];
  for (let i = 0; i < data.length; i += 3) {
    result[i] = first[data[i + from]!]!;
    result[i + 1] = second[data[i + 1]!]!;
    result[i + 2] = third[data[i + to]!]!;
  }
  return result;
}

/** What each value of an 8-bit pixel becomes. */
function scaledBytes(mean: number, deviation: number): Float32Array {
  const scale = 1 / deviation;
  return Float32Array.from({ length: 256 }, (_, value) => (value - mean) * scale);
}
