import type { RandomStream } from '@headstart/core';
import { jitterColour } from '../augment/colour.ts';
import { drawPlacement, placeObjects, placePicture } from '../augment/placement.ts';
import type { PlacedObject, Raster } from '../augment/raster.ts';
import type { Size } from '../boxes/box.ts';

/** Policies by name: `light` mirrors, enlarges and moves pictures with their boxes; `standard` alters colours, too. */
export const AUGMENTATIONS = ['none', 'light', 'standard'] as const;

const BLACK = [0, 0, 0];

/** One altered view. Picture and objects may be altered apart: the same stream gives both the same view. */
export interface Alteration {
  picture(picture: Raster<Uint8Array>, random: RandomStream): Raster<Uint8Array>;
  objects(objects: readonly PlacedObject[], size: Size, random: RandomStream): PlacedObject[];
}

/** What a policy does; undefined where it does nothing. */
export function alterationOf(policy: string): Alteration | undefined {
  if (policy === 'none') return undefined;
  const placement = (size: Size, random: RandomStream) => drawPlacement(size, random.child('placement'));
  return {
    picture(picture, random) {
      const coloured = policy === 'standard' ? jitterColour(picture, random.child('colour')) : picture;
      return placePicture(coloured, placement(picture, random), BLACK);
    },
    objects: (objects, size, random) => placeObjects(objects, placement(size, random), size),
  };
}
