import type { RandomStream } from '@headstart/core';
import { areaOf, type Box, type Size } from '../boxes/box.ts';
import { overlapOf } from '../boxes/iou.ts';
import { resampleInto, type PlacedObject, type Raster } from './raster.ts';

const SCALES = [0.6, 1.4] as const;
/** The share of an object that a pasted one may hide. */
const MOST_HIDDEN = 0.3;
/** The share of a pasted box's sides over which it fades into the background, so that no edge gives it away. */
const FADE = 0.12;
const TRIES = 20;

/** An object of another picture, and where it goes, in whole pixels. */
export interface Paste {
  readonly object: PlacedObject;
  readonly target: Box;
  readonly mirrored: boolean;
}

/**
 * Cuts objects out of one picture by their boxes and pastes them into another of the same size: each is
 * scaled by 0.6 to 1.4, mirrored half of the time, faded at its edge, and put where it hides no more than
 * 30 % of any other object. One that finds no place, or is a crowd, is left out.
 *
 * After Dwibedi et al. (2017), "Cut, paste and learn", who cut along masks; here a box's corners bring
 * some of their background along.
 */
export function drawPastes(
  background: readonly PlacedObject[],
  donor: readonly PlacedObject[],
  size: Size,
  random: RandomStream,
): Paste[] {
  const taken = background.map(({ box }) => box);
  const pastes: Paste[] = [];
  for (const object of donor) {
    if (object.crowd) continue;
    const target = findPlace(object.box, taken, size, random);
    const mirrored = random.next() < 0.5;
    if (!target) continue;
    pastes.push({ object, target, mirrored });
    taken.push(target);
  }
  return pastes;
}

/** The background with objects of the donor in it. */
export function pastePicture<Values extends Uint8Array | Float32Array>(
  background: Raster<Values>,
  donor: Raster<Values>,
  pastes: readonly Paste[],
): Raster<Values> {
  // A decoded picture's values are a Buffer, whose own `slice` copies nothing.
  const data = Uint8Array.prototype.slice.call(background.data) as Values;
  const picture = { ...background, data };
  for (const { object, target, mirrored } of pastes)
    resampleInto(picture, target, donor, object.box, { mirrored, share: fading(target) });
  return picture;
}

/** The pasted objects where they are. */
export function pastedObjects(pastes: readonly Paste[]): PlacedObject[] {
  return pastes.map(({ object, target }) => ({ ...object, box: target }));
}

/** A place in whole pixels inside the picture; undefined where none was found. */
function findPlace(box: Box, taken: readonly Box[], { width, height }: Size, random: RandomStream): Box | undefined {
  const scale = Math.exp(random.uniform(Math.log(SCALES[0]), Math.log(SCALES[1])));
  const [wide, high] = [Math.round(box[2] * scale), Math.round(box[3] * scale)];
  if (wide < 4 || high < 4 || wide > width || high > height) return undefined;
  for (let i = 0; i < TRIES; i++) {
    const place: Box = [random.int(width - wide + 1), random.int(height - high + 1), wide, high];
    if (taken.every((other) => overlapOf(place, other) <= MOST_HIDDEN * areaOf(other))) return place;
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
