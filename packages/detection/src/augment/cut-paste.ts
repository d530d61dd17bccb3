import type { RandomStream } from '@headstart/core';
import { areaOf, type Box } from '../boxes/box.ts';
import { overlapOf } from '../boxes/iou.ts';
import { resampleInto, type BoxedRaster, type PlacedObject, type Raster } from './raster.ts';

const SCALES = [0.6, 1.4] as const;
/** The share of an object that a pasted one may hide. */
const MOST_HIDDEN = 0.3;
/** The share of a pasted box's sides over which it fades into the ground, so that no edge gives it away. */
const FADE = 0.12;
const TRIES = 20;

/**
 * Cuts objects out of one picture by their boxes and pastes them into another of the same size: each is
 * scaled by 0.6 to 1.4, mirrored half of the time, faded at its edge, and put where it hides no more than
 * 30 % of any other object. One that finds no place, or is a crowd, is left out.
 *
 * After Dwibedi et al. (2017), "Cut, paste and learn", who cut along masks; here a box's corners bring
 * some of their ground along.
 */
export function pasteObjects<Values extends Uint8Array | Float32Array>(ground: BoxedRaster<Values>, donor: BoxedRaster<Values>, random: RandomStream): BoxedRaster<Values> {
  const { width, height } = ground.picture;
  const picture = { width, height, data: ground.picture.data.slice() as Values };
  const objects = [...ground.objects];
  for (const object of donor.objects) {
    if (object.crowd) continue;
    const target = findPlace(object.box, objects, picture, random);
    const mirrored = random.next() < 0.5;
    if (!target) continue;
    resampleInto(picture, target, donor.picture, object.box, { mirrored, share: fading(target) });
    objects.push({ ...object, box: target });
  }
  return { picture, objects };
}

/** A place in whole pixels inside the picture; undefined where none was found. */
function findPlace(box: Box, objects: readonly PlacedObject[], { width, height }: Raster, random: RandomStream): Box | undefined {
  const scale = Math.exp(random.uniform(Math.log(SCALES[0]), Math.log(SCALES[1])));
  const [wide, high] = [Math.round(box[2] * scale), Math.round(box[3] * scale)];
  if (wide < 4 || high < 4 || wide > width || high > height) return undefined;
  for (let i = 0; i < TRIES; i++) {
    const place: Box = [random.int(width - wide + 1), random.int(height - high + 1), wide, high];
    if (objects.every((other) => overlapOf(place, other.box) <= MOST_HIDDEN * areaOf(other.box))) return place;
  }
  return undefined;
}

/** 1 inside, falling to 0 at the edges. */
function fading([, , width, height]: Box): (column: number, row: number) => number {
  const edge = Math.max(1, FADE * Math.min(width, height));
  return (column, row) => {
    const nearest = Math.min(column + 0.5, row + 0.5, width - column - 0.5, height - row - 0.5);
    return Math.min(1, nearest / edge);
  };
}
