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
export function blankLike<Values extends Uint8Array | Float32Array>({
  width,
  height,
  data,
}: Raster<Values>): Raster<Values> {
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
  {
    mirrored = false,
    fill,
    share,
  }: { mirrored?: boolean; fill?: readonly number[]; share?: (column: number, row: number) => number } = {},
): void {
  const [left, top, width, height] = target;
  const [right, bottom] = [Math.min(into.width, left + width), Math.min(into.height, top + height)];
  const [firstColumn, firstRow] = [Math.max(0, left), Math.max(0, top)];
  const columns = Array.from({ length: Math.max(0, right - firstColumn) }, (_, i) => {
    const across = ((firstColumn + i - left + 0.5) * part[2]) / width;
    return between(part[0] + (mirrored ? part[2] - across : across) - 0.5, from.width);
  });
  const whole = into.data instanceof Uint8Array;
  const data: Uint8Array | Float32Array = from.data;
  for (let y = firstRow; y < bottom; y++) {
    const row = between(part[1] + ((y - top + 0.5) * part[3]) / height - 0.5, from.height);
    const [upper, lower] = [row.first * from.width, row.second * from.width];
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      const outside = row.outside || column.outside;
      if (outside && !fill) continue;
      const at = 3 * (y * into.width + firstColumn + i);
      const weight = share ? share(firstColumn + i - left, y - top) : 1;
      const [left0, right0, left1, right1] = [
        3 * (upper + column.first),
        3 * (upper + column.second),
        3 * (lower + column.first),
        3 * (lower + column.second),
      ];
      for (let channel = 0; channel < 3; channel++) {
        const above = data[left0 + channel]! * (1 - column.share) + data[right0 + channel]! * column.share;
        const below = data[left1 + channel]! * (1 - column.share) + data[right1 + channel]! * column.share;
        const value = outside ? fill![channel]! : above * (1 - row.share) + below * row.share;
        const mixed = weight === 1 ? value : into.data[at + channel]! + weight * (value - into.data[at + channel]!);
        into.data[at + channel] = whole ? Math.round(mixed) : mixed;
      }
    }
  }
}

/** Two pixels of a row or column of `length`, and how much of the second counts; the outermost go on beyond the edge. */
function between(place: number, length: number): { first: number; second: number; share: number; outside: boolean } {
  const first = Math.floor(place);
  const inside = (pixel: number) => Math.min(length - 1, Math.max(0, pixel));
  return {
    first: inside(first),
    second: inside(first + 1),
    share: place - first,
    outside: place < -0.5 || place > length - 0.5,
  };
}
