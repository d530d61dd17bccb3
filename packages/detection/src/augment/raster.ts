import type { Box } from '../boxes/box.ts';

/** A picture of three channels, row-major `[height, width, 3]`: 8-bit, or a network's normalised input. */
export interface Raster<Values extends Uint8Array | Float32Array = Uint8Array | Float32Array> {
  readonly width: number;
  readonly height: number;
  readonly data: Values;
}

/** An object where it lies in a raster, in the raster's pixels. */
export interface PlacedObject {
  readonly box: Box;
  readonly label: number;
  readonly crowd: boolean;
}

/** A picture with its objects. */
export interface BoxedRaster<Values extends Uint8Array | Float32Array = Uint8Array | Float32Array> {
  readonly picture: Raster<Values>;
  readonly objects: readonly PlacedObject[];
}

/** An empty raster whose values are of the same kind. */
export function blankLike<Values extends Uint8Array | Float32Array>({ width, height, data }: Raster<Values>): Raster<Values> {
  const blank = data instanceof Float32Array ? new Float32Array(data.length) : new Uint8Array(data.length);
  return { width, height, data: blank as Values };
}

/**
 * Copies a part of `from` into a rectangle of `into`, both inside their rasters, resampled bilinearly
 * with pixel centres at halves. Where the part lies beyond the picture, `fill` is put; `share` says how
 * much of the new value counts at a place of the rectangle (all of it where absent).
 */
export function resampleInto<Values extends Uint8Array | Float32Array>(
  into: Raster<Values>,
  target: Box,
  from: Raster<Values>,
  part: Box,
  { mirrored = false, fill, share }: { mirrored?: boolean; fill?: readonly number[]; share?: (column: number, row: number) => number } = {},
): void {
  const whole = into.data instanceof Uint8Array;
  const [left, top, width, height] = target;
  const [right, bottom] = [Math.min(into.width, left + width), Math.min(into.height, top + height)];
  for (let y = Math.max(0, top); y < bottom; y++) {
    const down = part[1] + ((y - top + 0.5) * part[3]) / height - 0.5;
    for (let x = Math.max(0, left); x < right; x++) {
      const across = ((x - left + 0.5) * part[2]) / width;
      const place = part[0] + (mirrored ? part[2] - across : across) - 0.5;
      const at = 3 * (y * into.width + x);
      const outside = down < -0.5 || place < -0.5 || down > from.height - 0.5 || place > from.width - 0.5;
      if (outside && !fill) continue;
      const weight = share ? share(x - left, y - top) : 1;
      for (let channel = 0; channel < 3; channel++) {
        const value = outside ? fill![channel]! : between(from, place, down, channel);
        const mixed = weight === 1 ? value : into.data[at + channel]! + weight * (value - into.data[at + channel]!);
        into.data[at + channel] = whole ? Math.round(mixed) : mixed;
      }
    }
  }
}

/** The value between pixel centres; the edge goes on beyond the outermost ones. */
function between({ width, height, data }: Raster, x: number, y: number, channel: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [across, down] = [x - left, y - top];
  const [x0, x1] = [Math.max(0, left), Math.min(width - 1, left + 1)];
  const [y0, y1] = [Math.max(0, top) * width, Math.min(height - 1, top + 1) * width];
  const upper = data[3 * (y0 + x0) + channel]! * (1 - across) + data[3 * (y0 + x1) + channel]! * across;
  const lower = data[3 * (y1 + x0) + channel]! * (1 - across) + data[3 * (y1 + x1) + channel]! * across;
  return upper * (1 - down) + lower * down;
}
