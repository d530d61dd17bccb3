import type { Dataset, View } from '@headstart/core';
import { jitterColour } from '../augment/colour.ts';
import { drawPastes, pastedObjects, pastePicture } from '../augment/cut-paste.ts';
import { drawMosaic, mosaicObjects, mosaicPicture } from '../augment/mosaic.ts';
import { drawPlacement, placeObjects, placePicture } from '../augment/placement.ts';
import type { PlacedObject, Raster } from '../augment/raster.ts';
import type { Size } from '../boxes/box.ts';
import type { DetectionSample } from '../data/detection-sample.ts';

/** What a policy does to pictures; all of them mirror, enlarge and move. */
interface Policy {
  readonly colour: boolean;
  /** Share of views that are mosaics of four pictures. */
  readonly mosaics: number;
  /** Share of views that objects of another picture are pasted into. */
  readonly pastes: number;
}

const POLICIES: Readonly<Record<string, Policy>> = {
  light: { colour: false, mosaics: 0, pastes: 0 },
  standard: { colour: true, mosaics: 0, pastes: 0 },
  mosaic: { colour: true, mosaics: 0.5, pastes: 0 },
  paste: { colour: true, mosaics: 0, pastes: 0.5 },
  strong: { colour: true, mosaics: 0.5, pastes: 0.5 },
};

/**
 * Policies by name: `light` mirrors, enlarges and moves pictures with their boxes; `standard` alters colours, too;
 * `mosaic` shows four pictures in one every other time; `paste` puts objects of another picture in every other time;
 * `strong` does both.
 */
export const AUGMENTATIONS: readonly string[] = ['none', ...Object.keys(POLICIES)];

const BLACK = [0, 0, 0];

type AugmentedView = Extract<View<DetectionSample>, { kind: 'augmented' }>;

/** A view of one picture or of parts of several: where objects come to lie, and how it is painted. */
export interface AlteredView {
  readonly objects: readonly PlacedObject[];
  /** @param read gives a sample's picture as the network would see it unaltered; it is not written to */
  picture(read: (sample: DetectionSample) => Promise<Raster<Uint8Array>>): Promise<Raster<Uint8Array>>;
}

/** Draws altered views of pictures of one size. */
export interface Alteration {
  /** Whether views take parts of other samples. */
  readonly combines: boolean;
  /** The same view whenever it is asked for again. */
  view(sample: DetectionSample, view: AugmentedView): AlteredView;
}

/**
 * What a policy does to pictures of a size; undefined where it does nothing.
 * @param objectsOf where a sample's objects lie in a picture of that size
 */
export function alterationOf(
  policy: string,
  size: Size,
  objectsOf: (sample: DetectionSample) => readonly PlacedObject[],
): Alteration | undefined {
  const chosen = POLICIES[policy];
  if (!chosen) return undefined;
  return {
    combines: chosen.mosaics > 0 || chosen.pastes > 0,
    view: (sample, view) => alteredView(chosen, size, objectsOf, sample, view),
  };
}

function alteredView(
  { colour, mosaics, pastes }: Policy,
  size: Size,
  objectsOf: (sample: DetectionSample) => readonly PlacedObject[],
  sample: DetectionSample,
  { random, others }: AugmentedView,
): AlteredView {
  const kind = random.child('kind');
  const [asMosaic, pasting] = [kind.next() < mosaics, kind.next() < pastes];
  const companion = companions(others, sample, random.child('companions'));
  const shown = asMosaic ? [sample, companion(), companion(), companion()] : [sample];
  const tiles = asMosaic ? drawMosaic(size, random.child('mosaic')) : undefined;
  const donor = companion();
  const background = tiles ? mosaicObjects(shown.map(objectsOf), tiles) : objectsOf(sample);
  const pasted = pasting ? drawPastes(background, objectsOf(donor), size, random.child('paste')) : [];
  const objects = [...background, ...pastedObjects(pasted)];
  const placement = tiles ? undefined : drawPlacement(size, random.child('placement'));
  return {
    objects: placement ? placeObjects(objects, placement, size) : objects,
    async picture(read) {
      const pictures = await Promise.all(shown.map(read));
      const whole = tiles ? mosaicPicture(pictures, tiles) : pictures[0]!;
      const full = pasted.length > 0 ? pastePicture(whole, await read(donor), pasted) : whole;
      const coloured = colour ? jitterColour(full, random.child('colour')) : full;
      return placement ? placePicture(coloured, placement, BLACK) : coloured;
    },
  };
}

/** Draws samples to combine a sample with; where there are none, it is combined with itself. */
function companions(
  others: Dataset<DetectionSample> | undefined,
  sample: DetectionSample,
  random: AugmentedView['random'],
): () => DetectionSample {
  return () => (others && others.length > 0 ? others.get(random.int(others.length)) : sample);
}
