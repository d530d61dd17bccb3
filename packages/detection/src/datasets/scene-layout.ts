import { RandomStream, type SplitName } from '@headstart/core';
import { overlapOf } from '../boxes/iou.ts';
import { areaOf, type Box } from '../boxes/box.ts';
import { SCENE_CLASSES } from './emoji-pictures.ts';
import { PHOTOGRAPHS } from './scene-photographs.ts';

/** Pixels of a scene's sides. */
export const SCENE_SIDE = 416;

/** Scenes per split. */
export const SCENE_COUNTS: Readonly<Record<SplitName, number>> = { train: 200, validation: 40, test: 100 };

const MOST_OBJECTS = 6;
const SIDES = [24, 160] as const;
const MOST_TURN = 40;
/** The share of an object that others and the edge may hide. */
const MOST_HIDDEN = 0.45;
const TRIES = 50;

/** One object to paste; places are pixels of the scene. */
export interface PastedObject {
  readonly label: number;
  readonly centre: readonly [x: number, y: number];
  /** The emoji's square side before it is turned. */
  readonly side: number;
  readonly degrees: number;
  readonly mirrored: boolean;
}

/** How a scene is put together; later objects lie on earlier ones. */
export interface SceneLayout {
  readonly photograph: string;
  /** The square part of the photograph behind it: where, as shares of the room there is, and its share of the shorter side. */
  readonly crop: { readonly x: number; readonly y: number; readonly share: number; readonly mirrored: boolean };
  readonly objects: readonly PastedObject[];
}

/**
 * The layout of one scene: a function of seed, split and number alone, so that every vendor's scenes
 * have the same objects in the same places. One to six objects, their sides drawn evenly on a logarithmic
 * scale from 24 to 160 pixels, turned by up to 40 degrees either way, half of them mirrored. At most 45 %
 * of an object's square is hidden by later objects and the edge.
 */
export function sceneLayout(seed: number, split: SplitName, number: number): SceneLayout {
  const random = new RandomStream('emoji-scenes').child(seed, split, number);
  const photograph = random.pick<string>(split === 'test' ? PHOTOGRAPHS.test : PHOTOGRAPHS.train);
  const crop = { x: random.next(), y: random.next(), share: random.uniform(0.5, 1), mirrored: random.next() < 0.5 };
  const wanted = 1 + random.int(MOST_OBJECTS);
  const objects: PastedObject[] = [];
  for (let i = 0; i < wanted * TRIES && objects.length < wanted; i++) {
    const next = [...objects, drawObject(random)];
    if (next.every((object, place) => hiddenShare(object, next.slice(place + 1)) <= MOST_HIDDEN))
      objects.push(next.at(-1)!);
  }
  return { photograph, crop, objects };
}

function drawObject(random: RandomStream): PastedObject {
  const side = Math.round(Math.exp(random.uniform(Math.log(SIDES[0]), Math.log(SIDES[1]))));
  return {
    label: random.int(Object.keys(SCENE_CLASSES).length),
    centre: [random.uniform(0, SCENE_SIDE), random.uniform(0, SCENE_SIDE)],
    side,
    degrees: Math.round(random.uniform(-MOST_TURN, MOST_TURN)),
    mirrored: random.next() < 0.5,
  };
}

/** The share of an object's upright square that the edge and others' squares hide, overlaps among these counted twice. */
function hiddenShare(object: PastedObject, later: readonly PastedObject[]): number {
  const square = squareOf(object);
  const inside = overlapOf(square, [0, 0, SCENE_SIDE, SCENE_SIDE]);
  const covered = later.reduce((sum, other) => sum + overlapOf(square, squareOf(other)), 0);
  return (areaOf(square) - inside + covered) / areaOf(square);
}

function squareOf({ centre: [x, y], side }: PastedObject): Box {
  return [x - side / 2, y - side / 2, side, side];
}
