import type { Interpolation, Pixels } from './image.ts';

// Shrinking is the decoder's work, enlarging is not: libvips 8 samples half a result's pixel off the place.

interface Kernel {
  /** Source pixels to each side that count. */
  readonly reach: number;
  readonly weight: (distance: number) => number;
}

const KERNELS: Readonly<Record<Interpolation, Kernel>> = {
  nearest: { reach: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { reach: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  /** Keys (1981) with a = -1/2, the Catmull-Rom spline. */
  bicubic: { reach: 2, weight: (x) => cubic(Math.abs(x)) },
  lanczos3: { reach: 3, weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** Pixels around a span that its enlargement looks at, at most. */
export const MARGIN = 3;

/** A stretch of one axis, in pixels of the source. */
export interface Span {
  readonly start: number;
  readonly length: number;
}

/**
 * Enlarges a span of each axis to `width` and `height`, pixel centres at halves. An axis without span
 * stays as it is. Taps beyond the picture are left out and the others weighed up, so that no edge
 * darkens.
 */
export function enlarge(
  pixels: Pixels,
  spans: { readonly x?: Span; readonly y?: Span },
  {
    width,
    height,
    interpolation,
  }: { readonly width: number; readonly height: number; readonly interpolation: Interpolation },
): Pixels {
  const kernel = KERNELS[interpolation];
  const wide = spans.x ? alongRows(pixels, taps(spans.x, pixels.width, width, kernel), width) : pixels;
  return spans.y ? alongColumns(wide, taps(spans.y, pixels.height, height, kernel), height) : wide;
}

/** For each result: the first source pixel that counts, and every one's weight. */
interface Taps {
  readonly first: Int32Array;
  readonly count: number;
  /** `[results, count]`. */
  readonly weights: Float64Array;
}

function taps({ start, length }: Span, size: number, results: number, { reach, weight }: Kernel): Taps {
  const count = Math.min(size, 2 * Math.ceil(reach));
  const first = new Int32Array(results);
  const weights = new Float64Array(results * count);
  for (let i = 0; i < results; i++) {
    const centre = start + ((i + 0.5) * length) / results;
    const from = Math.max(0, Math.min(size - count, Math.floor(centre - 0.5) - Math.ceil(reach) + 1));
    const own = Array.from({ length: count }, (_, k) => weight(from + k + 0.5 - centre));
    const sum = own.reduce((total, value) => total + value, 0);
    own.forEach((value, k) => (weights[i * count + k] = value / sum));
    first[i] = from;
  }
  return { first, count, weights };
}

function alongRows({ data, width, height }: Pixels, { first, count, weights }: Taps, results: number): Pixels {
  const result = new Uint8ClampedArray(results * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < results; x++, at += 3) {
      let [red, green, blue] = [0, 0, 0];
      for (let k = 0, from = 3 * (y * width + first[x]!); k < count; k++, from += 3) {
        const share = weights[x * count + k]!;
        red += share * data[from]!;
        green += share * data[from + 1]!;
        blue += share * data[from + 2]!;
      }
      result[at] = red;
      result[at + 1] = green;
      result[at + 2] = blue;
    }
  }
  return { width: results, height, data: new Uint8Array(result.buffer) };
}

function alongColumns({ data, width }: Pixels, { first, count, weights }: Taps, results: number): Pixels {
  const row = 3 * width;
  const result = new Uint8ClampedArray(row * results);
  for (let y = 0; y < results; y++) {
    for (let i = 0; i < row; i++) {
      let sum = 0;
      for (let k = 0, from = first[y]! * row + i; k < count; k++, from += row)
        sum += weights[y * count + k]! * data[from]!;
      result[y * row + i] = sum;
    }
  }
  return { width, height: results, data: new Uint8Array(result.buffer) };
}

function cubic(x: number): number {
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
