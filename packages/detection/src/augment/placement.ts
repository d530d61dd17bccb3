import type { RandomStream } from '@headstart/core';
import { areaOf, clipBox, type Box, type Size } from '../boxes/box.ts';
import { blankLike, resampleInto, type PlacedObject, type Raster } from './raster.ts';

/** A view of a picture: the part of it that fills the whole result, mirrored or not. The part may reach beyond it. */
export interface Placement {
  readonly part: Box;
  readonly mirrored: boolean;
}

/** Enlargement of a view; below 1 the picture takes up a part of the result only. */
const SCALES = [0.6, 1.6] as const;

/**
 * Draws a view: mirrored half of the time, enlarged by 0.6 to 1.6 (evenly on a logarithmic scale) and
 * moved, so that an enlarged picture fills the result and a reduced one lies inside it.
 */
export function drawPlacement(size: Size, random: RandomStream): Placement {
  const mirrored = random.next() < 0.5;
  const scale = Math.exp(random.uniform(Math.log(SCALES[0]), Math.log(SCALES[1])));
  const [width, height] = [size.width / scale, size.height / scale];
  return {
    part: [random.next() * (size.width - width), random.next() * (size.height - height), width, height],
    mirrored,
  };
}

/** The picture as a view shows it, of the same size; `fill` where there is no picture. */
export function placePicture<Values extends Uint8Array | Float32Array>(
  picture: Raster<Values>,
  { part, mirrored }: Placement,
  fill: readonly number[],
): Raster<Values> {
  const result = blankLike(picture);
  resampleInto(result, [0, 0, picture.width, picture.height], picture, part, { mirrored, fill });
  return result;
}

/** The objects as a view shows them: moved, mirrored, cut to the picture. */
export function placeObjects(objects: readonly PlacedObject[], placement: Placement, size: Size): PlacedObject[] {
  return cutToWindow(
    objects.map((object) => ({ ...object, box: placeBox(object.box, placement, size) })),
    [0, 0, size.width, size.height],
  );
}

/** A box in the result's pixels, not cut. */
export function placeBox([x, y, width, height]: Box, { part, mirrored }: Placement, size: Size): Box {
  const [across, down] = [size.width / part[2], size.height / part[3]];
  const left = mirrored ? part[0] + part[2] - (x + width) : x - part[0];
  return [left * across, (y - part[1]) * down, width * across, height * down];
}

/** The share of an object's box that must be left for it to be learned. */
const LEAST_LEFT = 0.3;

/**
 * Objects cut to a window. One of which less than 30 % is left, or less than two pixels per side, becomes a
 * crowd: it is neither something to learn nor background.
 */
export function cutToWindow(objects: readonly PlacedObject[], [x, y, width, height]: Box): PlacedObject[] {
  return objects.flatMap((object) => {
    const { box } = object;
    const left = clipBox([box[0] - x, box[1] - y, box[2], box[3]], { width, height });
    if (!left) return [];
    const small = areaOf(left) < LEAST_LEFT * areaOf(box) || left[2] < 2 || left[3] < 2;
    return [{ ...object, box: [left[0] + x, left[1] + y, left[2], left[3]] as const, crowd: object.crowd || small }];
  });
}
