import type { Box, Colour, Pixels } from '@headstart/core/images';
import { heatAt, type HeatMap } from '@headstart/core/network';

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

function rampAt(value: number, channel: number): number {
  const place = value * (RAMP.length - 1);
  const low = Math.min(RAMP.length - 2, Math.floor(place));
  return RAMP[low]![channel]! * (1 - (place - low)) + RAMP[low + 1]![channel]! * (place - low);
}
