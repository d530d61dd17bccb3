import type { Interpolation, Pixels } from '../../images/image.ts';
import type { AxisPlan } from '../../images/plan-decode.ts';

// Pictures shrink in Node by libvips 8, whose `reduce` this repeats, rounding included: a network sees the same bytes.

/** Places between two pixels at which weights are tabulated, and the fixed point that they are held in. */
const PLACES = 64;
const ONE = 4096;

/** An integer factor of whole boxes comes first where at least this much shrinking is left to the kernel. */
const GAP = 2;

interface Kernel {
  readonly reach: number;
  readonly weight: (distance: number) => number;
}

/** Those that libvips weighs pixels by. */
type Weighing = Exclude<Interpolation, 'nearest'>;

const KERNELS: Readonly<Record<Weighing, Kernel>> = {
  bilinear: { reach: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { reach: 2, weight: cubic },
  lanczos3: { reach: 3, weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/**
 * Resizes the axes of a picture that shrink and keeps of each what its plan keeps: columns first, as libvips does.
 * @returns `y.kept` rows of `x.kept` pixels
 */
export function reduce(
  pixels: Pixels,
  { x, y }: { readonly x: AxisPlan; readonly y: AxisPlan },
  interpolation: Weighing,
): Pixels {
  const down = reduceAxis(pixels, 'down', y, interpolation);
  return reduceAxis(down, 'across', x, interpolation);
}

/** How the values of one axis lie in memory: `lines` runs of `length` values, `step` apart. */
type Direction = 'down' | 'across';

function reduceAxis(pixels: Pixels, direction: Direction, plan: AxisPlan, interpolation: Weighing): Pixels {
  const size = direction === 'down' ? pixels.height : pixels.width;
  if (plan.resized === size) return keep(pixels, direction, plan);
  const factor = size / plan.resized;
  const whole = Math.max(1, Math.floor(factor / GAP));
  const boxed = whole > 1 ? averageBoxes(pixels, direction, whole) : pixels;
  return applyKernel(boxed, direction, plan, { factor: factor / whole, kernel: KERNELS[interpolation] });
}

function keep(pixels: Pixels, direction: Direction, { from, kept }: AxisPlan): Pixels {
  const { width, height, data } = pixels;
  if (direction === 'down')
    return { width, height: kept, data: data.slice(3 * width * from, 3 * width * (from + kept)) };
  const result = new Uint8Array(3 * kept * height);
  for (let row = 0; row < height; row++) {
    const start = 3 * (row * width + from);
    result.set(data.subarray(start, start + 3 * kept), 3 * row * kept);
  }
  return { width: kept, height, data: result };
}

/** Where the value at `place` of a line lies. Lines of an axis are columns or rows, channel by channel. */
function layout({ width, height }: Pixels, direction: Direction) {
  return direction === 'down'
    ? { size: height, step: 3 * width, lines: 3 * width, start: (line: number) => line }
    : {
        size: width,
        step: 3,
        lines: 3 * height,
        start: (line: number) => Math.floor(line / 3) * 3 * width + (line % 3),
      };
}

function resized(
  pixels: Pixels,
  direction: Direction,
  size: number,
): { width: number; height: number; data: Uint8Array } {
  const { width, height } =
    direction === 'down' ? { width: pixels.width, height: size } : { width: size, height: pixels.height };
  return { width, height, data: new Uint8Array(3 * width * height) };
}

/** The mean of every `count` values, rounded; the last box repeats the edge. */
function averageBoxes(pixels: Pixels, direction: Direction, count: number): Pixels {
  const from = layout(pixels, direction);
  const boxes = Math.ceil(from.size / count);
  const result = resized(pixels, direction, boxes);
  const into = layout(result, direction);
  const multiplier = Math.floor(2 ** 32 / (2 ** 8 * count));
  const half = count >> 1;
  for (let line = 0; line < from.lines; line++) {
    const start = from.start(line);
    const at = into.start(line);
    for (let box = 0; box < boxes; box++) {
      let sum = half;
      for (let k = 0; k < count; k++) sum += pixels.data[start + from.step * Math.min(from.size - 1, box * count + k)]!;
      result.data[at + into.step * box] = Math.floor((sum * multiplier) / 2 ** 24);
    }
  }
  return result;
}

function applyKernel(
  pixels: Pixels,
  direction: Direction,
  { resized: length, from: first, kept }: AxisPlan,
  { factor, kernel }: { readonly factor: number; readonly kernel: Kernel },
): Pixels {
  const from = layout(pixels, direction);
  const points = 2 * Math.round(kernel.reach * factor) + 1;
  const tables = Array.from({ length: PLACES + 1 }, (_, place) => weights(kernel, points, factor, place / PLACES));
  const places = [0.5 * factor];
  for (let i = 1; i < length; i++) places.push(places[i - 1]! + factor);
  const before = Math.ceil(points / 2) - 1;
  const result = resized(pixels, direction, kept);
  const into = layout(result, direction);
  for (let i = 0; i < kept; i++) {
    const place = places[first + i]!;
    const left = Math.trunc(place);
    const table = tables[((Math.trunc(place * PLACES * 2) & (PLACES * 2 - 1)) + 1) >> 1]!;
    const offsets = Array.from(
      { length: points },
      (_, k) => from.step * Math.min(from.size - 1, Math.max(0, left - before + k)),
    );
    for (let line = 0; line < from.lines; line++) {
      const start = from.start(line);
      let sum = ONE / 2;
      for (let k = 0; k < points; k++) sum += table[k]! * pixels.data[start + offsets[k]!]!;
      result.data[into.start(line) + into.step * i] = Math.min(255, Math.max(0, sum >> 12));
    }
  }
  return result;
}

/** Weights of `points` pixels around a place, in fixed point; they come to one. */
function weights({ weight }: Kernel, points: number, factor: number, place: number): Int32Array {
  const half = place + points / 2 - 1;
  const own = Array.from({ length: points }, (_, i) => weight((i - half) / factor));
  const sum = own.reduce((total, value) => total + value, 0);
  return Int32Array.from(own, (value) => Math.trunc((value / sum) * ONE));
}

function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x <= 1) return (1.5 * x - 2.5) * x * x + 1;
  return x <= 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
