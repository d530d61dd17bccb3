import type { Box, Pixels, Size } from '@headstart/core/images';
import type { ImagePreprocessing } from '../sources/image-preprocessing.ts';

/** Luma of an 8-bit sRGB pixel, ITU-R BT.601 in 16-bit fixed point; equal channels stay as they are. */
export function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}

/** `[height, width, channels]` floats: (pixel - mean) / deviation per channel, in the input's order of channels. */
export function normalise({ data }: Pixels, { channels, order, mean, deviation }: ImagePreprocessing): Float32Array {
  const count = data.length / 3;
  const result = new Float32Array(count * channels);
  const scale = Array.from({ length: channels }, (_, c) => 1 / deviation[c]!);
  if (channels === 1) {
    for (let i = 0; i < count; i++) {
      result[i] = (luma(data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!) - mean[0]!) * scale[0]!;
    }
    return result;
  }
  for (let c = 0; c < 3; c++) {
    const from = order === 'BGR' ? 2 - c : c;
    for (let i = 0; i < data.length; i += 3) result[i + c] = (data[i + from]! - mean[c]!) * scale[c]!;
  }
  return result;
}

/** The part of a picture that a network sees without augmentation; undefined for all of it. */
export function plainBox({ crop, cropFraction, width, height }: ImagePreprocessing): ((size: Size) => Box) | undefined {
  if (crop === 'stretch') return undefined;
  return (size) => {
    const scale = Math.min(size.width / width, size.height / height) * cropFraction;
    const box = { width: width * scale, height: height * scale };
    return { ...box, left: (size.width - box.width) / 2, top: (size.height - box.height) / 2 };
  };
}
