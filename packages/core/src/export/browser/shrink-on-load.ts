import type { Pixels, Size } from '../../images/image.ts';

/**
 * The factor by which Node's decoder shrinks a JPEG while it decodes: half of what is to be done, at most, as a power
 * of two up to 8.
 */
export function factorOnLoad(size: Size, wanted: Size): 1 | 2 | 4 | 8 {
  const shrink = Math.min(size.width / wanted.width, size.height / wanted.height);
  return shrink >= 16 ? 8 : shrink >= 8 ? 4 : shrink >= 4 ? 2 : 1;
}

/**
 * A picture shrunk by a factor: each pixel the mean of a square, which is what libjpeg's reduced transforms come to. What
 * fills no square at the right and lower edge is left out, as libvips does.
 */
export function shrinkOnLoad({ width, height, data }: Pixels, factor: number): Pixels {
  const size = { width: Math.floor(width / factor), height: Math.floor(height / factor) };
  const result = new Uint8Array(3 * size.width * size.height);
  const count = factor * factor;
  for (let y = 0, at = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++)
      for (let c = 0; c < 3; c++, at++) {
        // Halves go up at one pixel and down at the next: what is averaged here was rounded before.
        let sum = count / 2 - ((x + y) & 1);
        for (let row = y * factor; row < (y + 1) * factor; row++) {
          const start = 3 * (row * width + x * factor) + c;
          for (let column = 0; column < factor; column++) sum += data[start + 3 * column]!;
        }
        result[at] = sum / count;
      }
  return { ...size, data: result };
}
