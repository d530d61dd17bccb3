import type { Box, Colour, Pixels } from '@headstart/core/images';
import type { HeatMap } from './grad-cam.ts';

/** From cold to hot, at equal distances. */
const RAMP: readonly Colour[] = [
  [30, 40, 140],
  [20, 140, 220],
  [90, 210, 120],
  [250, 210, 40],
  [220, 30, 20],
];
/** Share of the heat's colour, from the coldest to the hottest. */
const OPACITY = { least: 0.3, most: 0.65 };
/** Share of white over what the network did not see. */
const UNSEEN = 0.7;

/**
 * Lays heat over a picture. `box` is the part that the network saw, in the picture's pixels: the heat
 * map covers it, its cells' values interpolated bilinearly between their centres; the rest fades.
 */
export function overlayHeat({ data, width, height }: Pixels, heat: HeatMap, box: Box): Pixels {
  const result = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = 3 * (y * width + x);
      const u = (x + 0.5 - box.left) / box.width;
      const v = (y + 0.5 - box.top) / box.height;
      const seen = u >= 0 && u < 1 && v >= 0 && v < 1;
      const value = seen ? heatAt(heat, u, v) : 0;
      const share = seen ? OPACITY.least + (OPACITY.most - OPACITY.least) * value : UNSEEN;
      for (let c = 0; c < 3; c++) {
        const colour = seen ? rampAt(value, c) : 255;
        result[i + c] = Math.round(data[i + c]! * (1 - share) + colour * share);
      }
    }
  }
  return { width, height, data: result };
}

/** The heat at a place given by shares of the map's width and height; beyond the outer centres it stays level. */
export function heatAt({ width, height, values }: HeatMap, u: number, v: number): number {
  const x = Math.min(width - 1, Math.max(0, u * width - 0.5));
  const y = Math.min(height - 1, Math.max(0, v * height - 0.5));
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, bottom] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
  const above = values[top * width + left]! * (1 - (x - left)) + values[top * width + right]! * (x - left);
  const below = values[bottom * width + left]! * (1 - (x - left)) + values[bottom * width + right]! * (x - left);
  return above * (1 - (y - top)) + below * (y - top);
}

function rampAt(value: number, channel: number): number {
  const place = value * (RAMP.length - 1);
  const low = Math.min(RAMP.length - 2, Math.floor(place));
  return RAMP[low]![channel]! * (1 - (place - low)) + RAMP[low + 1]![channel]! * (place - low);
}
