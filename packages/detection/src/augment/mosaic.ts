import type { RandomStream } from '@headstart/core';
import type { Box, Size } from '../boxes/box.ts';
import { cutToWindow, placeBox, type Placement } from './placement.ts';
import { blankLike, resampleInto, type PlacedObject, type Raster } from './raster.ts';

/** Where the four pictures meet, as shares of the sides, and how much beyond its quarter each is enlarged. */
const MEETING = [0.35, 0.65] as const;
const MOST_ENLARGED = 1.4;

/** A quarter of a mosaic, in whole pixels, and the part of its picture that fills it. */
export interface Tile extends Placement {
  readonly quarter: Box;
}

/**
 * Four pictures of one size in one: each fills a quarter, cut from the picture reduced so that it covers
 * the quarter, and enlarged by up to 1.4 from there. Objects are more, and smaller.
 *
 * Bochkovskiy et al. (2020), "YOLOv4: Optimal speed and accuracy of object detection".
 */
export function drawMosaic({ width, height }: Size, random: RandomStream): Tile[] {
  const [x, y] = [Math.round(width * random.uniform(...MEETING)), Math.round(height * random.uniform(...MEETING))];
  const quarters: readonly Box[] = [
    [0, 0, x, y],
    [x, 0, width - x, y],
    [0, y, x, height - y],
    [x, y, width - x, height - y],
  ];
  return quarters.map((quarter) => {
    const scale = Math.max(quarter[2] / width, quarter[3] / height) * random.uniform(1, MOST_ENLARGED);
    const [partWidth, partHeight] = [quarter[2] / scale, quarter[3] / scale];
    const part: Box = [
      random.next() * (width - partWidth),
      random.next() * (height - partHeight),
      partWidth,
      partHeight,
    ];
    return { quarter, part, mirrored: random.next() < 0.5 };
  });
}

/** The mosaic of four pictures, one per tile. */
export function mosaicPicture<Values extends Uint8Array | Float32Array>(
  pictures: readonly Raster<Values>[],
  tiles: readonly Tile[],
): Raster<Values> {
  const result = blankLike(pictures[0]!);
  tiles.forEach(({ quarter, part, mirrored }, i) => resampleInto(result, quarter, pictures[i]!, part, { mirrored }));
  return result;
}

/** The objects of four pictures as the mosaic shows them, cut to their quarters. */
export function mosaicObjects(objects: readonly (readonly PlacedObject[])[], tiles: readonly Tile[]): PlacedObject[] {
  return tiles.flatMap((tile, i) => {
    const [x, y, width, height] = tile.quarter;
    const placed = objects[i]!.map((object) => {
      const [left, top, wide, high] = placeBox(object.box, tile, { width, height });
      return { ...object, box: [left + x, top + y, wide, high] as const };
    });
    return cutToWindow(placed, tile.quarter);
  });
}
