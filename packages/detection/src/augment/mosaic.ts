import type { RandomStream } from '@headstart/core';
import type { Box } from '../boxes/box.ts';
import { cutToWindow, placeBox } from './placement.ts';
import { blankLike, resampleInto, type BoxedRaster } from './raster.ts';

/** Where the four pictures meet, as shares of the sides, and how much beyond its quarter each is enlarged. */
const MEETING = [0.35, 0.65] as const;
const MOST_ENLARGED = 1.4;

/**
 * Four pictures of one size in one: each fills a quarter, cut from the picture reduced so that it covers
 * the quarter, and enlarged by up to 1.4 from there. Objects are more, and smaller.
 *
 * Bochkovskiy et al. (2020), "YOLOv4: Optimal speed and accuracy of object detection".
 */
export function mosaic<Values extends Uint8Array | Float32Array>(
  pictures: readonly [BoxedRaster<Values>, BoxedRaster<Values>, BoxedRaster<Values>, BoxedRaster<Values>],
  random: RandomStream,
): BoxedRaster<Values> {
  const { width, height } = pictures[0].picture;
  const result = blankLike(pictures[0].picture);
  const [x, y] = [Math.round(width * random.uniform(...MEETING)), Math.round(height * random.uniform(...MEETING))];
  const quarters: readonly Box[] = [[0, 0, x, y], [x, 0, width - x, y], [0, y, x, height - y], [x, y, width - x, height - y]];
  const objects = pictures.flatMap(({ picture, objects: own }, i) => {
    const quarter = quarters[i]!;
    const scale = Math.max(quarter[2] / picture.width, quarter[3] / picture.height) * random.uniform(1, MOST_ENLARGED);
    const [partWidth, partHeight] = [quarter[2] / scale, quarter[3] / scale];
    const part: Box = [random.next() * (picture.width - partWidth), random.next() * (picture.height - partHeight), partWidth, partHeight];
    const mirrored = random.next() < 0.5;
    resampleInto(result, quarter, picture, part, { mirrored });
    const placed = own.map((object) => {
      const [left, top, wide, high] = placeBox(object.box, { part, mirrored }, { width: quarter[2], height: quarter[3] });
      return { ...object, box: [left + quarter[0], top + quarter[1], wide, high] as const };
    });
    return cutToWindow(placed, quarter);
  });
  return { picture: result, objects };
}
