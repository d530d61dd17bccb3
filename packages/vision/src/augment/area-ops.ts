import type { Pixels } from '@headstart/core/images';
import { luma } from '@headstart/core/images';
import { blend } from './point-ops.ts';

/** Blends with the picture's luma: 0 is grey, 1 the picture, more is more colourful. */
export function saturation({ data, ...size }: Pixels, factor: number): Pixels {
  const result = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) {
    const grey = luma(data[i]!, data[i + 1]!, data[i + 2]!);
    for (let c = i; c < i + 3; c++) result[c] = blend(grey, data[c]!, factor);
  }
  return { ...size, data: result };
}

/**
 * Blends with a smoothed picture: 0 is smooth, 1 the picture, more is sharper. The smoothing weights
 * are 5/13 for the pixel and 1/13 for each neighbour; the outermost pixels stay as they are.
 */
export function sharpness({ data, width, height }: Pixels, factor: number): Pixels {
  const result = Uint8Array.from(data);
  const row = 3 * width;
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * row + 3; i < (y + 1) * row - 3; i++) {
      const above = data[i - row - 3]! + data[i - row]! + data[i - row + 3]!;
      const beside = data[i - 3]! + 5 * data[i]! + data[i + 3]!;
      const below = data[i + row - 3]! + data[i + row]! + data[i + row + 3]!;
      result[i] = blend(Math.floor((above + beside + below) / 13 + 0.5), data[i]!, factor);
    }
  }
  return { width, height, data: result };
}
