import type { LocatedImage } from '../../images/image.ts';
import { smallPixels } from '../../images/small-pixels.ts';

/** Pictures are decoded to so many pixels a side. */
const SIDE = 32;
/** Frequencies of each direction that make the hash: those of one to eight half waves down, of none to seven across. */
const WAVES = 8;
/** Cells a side of what is kept to compare pictures by. */
export const CELLS = 16;
/** Numbers that a print's cells are: red, green and blue of each. */
export const CELL_NUMBERS = 3 * CELLS * CELLS;
/** A picture whose grey levels, of 256, deviate by less than this shows nothing to know it by. */
const LEAST_DEVIATION = 4;

/** What a picture looks like, in little: alike for copies that were resized, compressed or made brighter. */
export interface PicturePrint {
  /** 64 bits, half of them set: the signs of the low frequencies of the discrete cosine transform about their median (Zauner, 2010, "Implementation and benchmarking of perceptual image hash functions"). */
  readonly hash: readonly [low: number, high: number];
  /** Mean colours, `[16, 16, 3]`. */
  readonly cells: Uint8Array;
}

/**
 * The print of a picture; undefined of one that is as good as blank, which would be like every other such.
 * @throws HeadstartError `sample-unreadable`
 */
export async function picturePrint(picture: LocatedImage, asStored?: boolean): Promise<PicturePrint | undefined> {
  return printOf(await smallPixels(picture, SIDE, asStored));
}

/** @param pixels 8-bit sRGB, `[32, 32, 3]` */
export function printOf(pixels: Uint8Array): PicturePrint | undefined {
  const grey = Float64Array.from(
    { length: SIDE * SIDE },
    (_, i) => 0.299 * pixels[3 * i]! + 0.587 * pixels[3 * i + 1]! + 0.114 * pixels[3 * i + 2]!,
  );
  const mean = grey.reduce((sum, level) => sum + level, 0) / grey.length;
  const variance = grey.reduce((sum, level) => sum + (level - mean) ** 2, 0) / grey.length;
  if (variance < LEAST_DEVIATION ** 2) return undefined;
  return { hash: hashOf(grey), cells: cellsOf(pixels) };
}

/** cos(π (2x + 1) u / 2n) for u half waves over n places. */
const COSINES = Array.from({ length: WAVES + 1 }, (_, u) =>
  Float64Array.from({ length: SIDE }, (_unused, x) => Math.cos((Math.PI * (2 * x + 1) * u) / (2 * SIDE))),
);

function hashOf(grey: Float64Array): [number, number] {
  const across = Array.from({ length: WAVES }, (_, u) =>
    Float64Array.from({ length: SIDE }, (_unused, y) => {
      let sum = 0;
      for (let x = 0; x < SIDE; x++) sum += grey[y * SIDE + x]! * COSINES[u]![x]!;
      return sum;
    }),
  );
  const found = new Float64Array(WAVES * WAVES);
  for (let v = 0; v < WAVES; v++)
    for (let u = 0; u < WAVES; u++)
      found[v * WAVES + u] = across[u]!.reduce((sum, value, y) => sum + value * COSINES[v + 1]![y]!, 0);
  const sorted = found.toSorted();
  const median = (sorted[found.length / 2 - 1]! + sorted[found.length / 2]!) / 2;
  const half = (start: number) => {
    let bits = 0;
    for (let i = 0; i < 32; i++) if (found[start + i]! > median) bits |= 1 << i;
    return bits >>> 0;
  };
  return [half(0), half(32)];
}

/** Means of two by two pixels. */
function cellsOf(pixels: Uint8Array): Uint8Array {
  const sums = new Float64Array(CELL_NUMBERS);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++)
      for (let c = 0; c < 3; c++) sums[((y >> 1) * CELLS + (x >> 1)) * 3 + c]! += pixels[(y * SIDE + x) * 3 + c]!;
  return Uint8Array.from(sums, (sum) => Math.round(sum / 4));
}
