import { RandomStream } from '@headstart/core';
import { describe, expect, it } from 'vitest';
import type { Box } from '../boxes/box.ts';
import { alterColour, jitterColour } from './colour.ts';
import { drawPastes, pastedObjects, pastePicture } from './cut-paste.ts';
import { drawMosaic, mosaicObjects, mosaicPicture } from './mosaic.ts';
import { cutToWindow, drawPlacement, placeObjects, placePicture } from './placement.ts';
import type { BoxedRaster, PlacedObject, Raster } from './raster.ts';

const SIDE = 96;
const size = { width: SIDE, height: SIDE };

/** A dark picture with bright rectangles where its objects are. */
function scene(boxes: readonly Box[], value = 200, background = 20): BoxedRaster<Float32Array> {
  const data = new Float32Array(SIDE * SIDE * 3).fill(background);
  for (const [x, y, width, height] of boxes) {
    for (let row = y; row < y + height; row++) data.fill(value, 3 * (row * SIDE + x), 3 * (row * SIDE + x + width));
  }
  return { picture: { ...size, data }, objects: boxes.map((box, label) => ({ box, label, crowd: false })) };
}

/** The smallest box around what is brighter than a value. */
function brightBox({ width, data }: Raster, over: number): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < data.length; i += 3) {
    if (data[i]! <= over) continue;
    const [x, y] = [(i / 3) % width, Math.floor(i / 3 / width)];
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x + 1), Math.max(bottom, y + 1)];
  }
  return [left, top, right - left, bottom - top];
}

const near = (a: Box, b: Box, within: number) =>
  a.forEach((side, i) => expect(Math.abs(side - b[i]!), `${a.join()} and ${b.join()}`).toBeLessThanOrEqual(within));

describe('placement', () => {
  it('moves a box to where the object goes', () => {
    const { picture, objects } = scene([[30, 40, 24, 16]]);
    for (let seed = 0; seed < 40; seed++) {
      const placement = drawPlacement(size, new RandomStream(seed));
      const placed = placeObjects(objects, placement, size);
      const seen = brightBox(placePicture(picture, placement, [0, 0, 0]), 110);
      if (placed.length === 0) expect(seen[2]).toBe(-Infinity);
      else near(placed[0]!.box, seen, 1.01);
    }
  });

  it('is the picture itself, or its mirror image, where the part is the whole', () => {
    const { picture, objects } = scene([[10, 40, 24, 16]]);
    const whole: Box = [0, 0, SIDE, SIDE];
    expect(placePicture(picture, { part: whole, mirrored: false }, [0, 0, 0])).toEqual(picture);
    const mirrored = { part: whole, mirrored: true };
    expect(placeObjects(objects, mirrored, size)[0]!.box).toEqual([SIDE - 34, 40, 24, 16]);
    expect(placePicture(placePicture(picture, mirrored, [0, 0, 0]), mirrored, [0, 0, 0])).toEqual(picture);
  });

  it('fills what lies beyond the picture', () => {
    const { picture } = scene([]);
    const small = placePicture(picture, { part: [0, 0, 2 * SIDE, 2 * SIDE], mirrored: false }, [1, 2, 3]);
    expect(Array.from(small.data.slice(0, 3))).toEqual([20, 20, 20]);
    expect(Array.from(small.data.slice(-3))).toEqual([1, 2, 3]);
  });

  it('makes crowds of what is nearly cut off, and drops what is gone', () => {
    const of = (box: Box): PlacedObject => ({ box, label: 3, crowd: false });
    expect(
      cutToWindow([of([-6, 0, 10, 10]), of([-8, 0, 10, 10]), of([-10, 0, 10, 10]), of([5, 5, 1, 40])], [0, 0, 20, 20]),
    ).toEqual([
      { box: [0, 0, 4, 10], label: 3, crowd: false },
      { box: [0, 0, 2, 10], label: 3, crowd: true },
      { box: [5, 5, 1, 15], label: 3, crowd: true },
    ]);
  });

  it('draws the same from the same stream', () => {
    expect(drawPlacement(size, new RandomStream('a'))).toEqual(drawPlacement(size, new RandomStream('a')));
    expect(drawPlacement(size, new RandomStream('a'))).not.toEqual(drawPlacement(size, new RandomStream('b')));
  });
});

describe('colour', () => {
  const none = { brightness: 1, contrast: 1, saturation: 1, hueShift: 0 };
  const pixels = Uint8Array.of(100, 150, 200, 60, 60, 60);

  it('changes nothing by nothing', () => expect(alterColour(pixels, none)).toEqual(pixels));

  it('multiplies by brightness and pulls towards the mean luma by contrast', () => {
    expect(Array.from(alterColour(pixels, { ...none, brightness: 0.5 }))).toEqual([50, 75, 100, 30, 30, 30]);
    const luma = 0.299 * 100 + 0.587 * 150 + 0.114 * 200;
    const mean = (luma + 60) / 2;
    expect(Array.from(alterColour(pixels, { ...none, contrast: 0.5 }))).toEqual(
      [100, 150, 200, 60, 60, 60].map((value) => Math.round(0.5 * value + 0.5 * mean)),
    );
  });

  it('makes grey without saturation, and leaves grey alone whatever the hue', () => {
    const luma = Math.round(0.299 * 100 + 0.587 * 150 + 0.114 * 200);
    expect(Array.from(alterColour(pixels, { ...none, saturation: 0 }))).toEqual([luma, luma, luma, 60, 60, 60]);
    const shifted = alterColour(pixels, { ...none, hueShift: 1 });
    expect(Array.from(shifted.slice(3))).toEqual([60, 60, 60]);
    expect(Math.abs(0.299 * shifted[0]! + 0.587 * shifted[1]! + 0.114 * shifted[2]! - luma)).toBeLessThanOrEqual(2);
    expect(shifted.slice(0, 3)).not.toEqual(pixels.slice(0, 3));
  });

  it('is seeded', () => {
    const picture = { width: 2, height: 1, data: pixels };
    expect(jitterColour(picture, new RandomStream(1))).toEqual(jitterColour(picture, new RandomStream(1)));
    expect(jitterColour(picture, new RandomStream(1))).not.toEqual(jitterColour(picture, new RandomStream(2)));
  });
});

/** Four pictures in one, and where their objects are. */
function mosaic(four: readonly BoxedRaster<Float32Array>[], random: RandomStream): BoxedRaster<Float32Array> {
  const tiles = drawMosaic(size, random);
  return {
    picture: mosaicPicture(
      four.map(({ picture }) => picture),
      tiles,
    ),
    objects: mosaicObjects(
      four.map(({ objects }) => objects),
      tiles,
    ),
  };
}

describe('mosaic', () => {
  it('shows every object where its box is, and nothing bright elsewhere', () => {
    for (let seed = 0; seed < 40; seed++) {
      // One object in each picture, told apart by brightness.
      const four = [60, 110, 160, 210].map((value) => scene([[30, 24, 36, 42]], value, 10));
      const { picture, objects } = mosaic(four, new RandomStream(seed));
      const seen = Array.from({ length: SIDE * SIDE }, (_, i) => picture.data[3 * i]!);
      expect(Math.min(...seen)).toBeGreaterThanOrEqual(10);
      for (const {
        box: [x, y, width, height],
      } of objects)
        expect(x >= 0 && y >= 0 && x + width <= SIDE && y + height <= SIDE).toBe(true);
      // A middle of a pixel that lies in a box by a pixel is of an object, one that lies out of all by as much is not.
      seen.forEach((value, i) => {
        const [x, y] = [(i % SIDE) + 0.5, Math.floor(i / SIDE) + 0.5];
        const inside = Math.max(
          ...objects.map(({ box: [left, top, width, height] }) =>
            Math.min(x - left, y - top, left + width - x, top + height - y),
          ),
        );
        if (Math.abs(inside) >= 1) expect(value > 10, `seed ${seed}, ${x}, ${y}`).toBe(inside > 0);
      });
    }
  });

  it('draws the same from the same stream', () => {
    expect(drawMosaic(size, new RandomStream('a'))).toEqual(drawMosaic(size, new RandomStream('a')));
    expect(drawMosaic(size, new RandomStream('a'))).not.toEqual(drawMosaic(size, new RandomStream('b')));
  });
});

function pasteObjects(
  background: BoxedRaster<Float32Array>,
  donor: BoxedRaster<Float32Array>,
  random: RandomStream,
): BoxedRaster<Float32Array> {
  const pastes = drawPastes(background.objects, donor.objects, size, random);
  return {
    picture: pastePicture(background.picture, donor.picture, pastes),
    objects: [...background.objects, ...pastedObjects(pastes)],
  };
}

describe('pasting', () => {
  it('pastes objects where they hide little, their boxes where they are', () => {
    const donor = scene([[10, 10, 24, 24]], 220);
    const background = scene([[50, 50, 30, 30]], 90);
    for (let seed = 0; seed < 20; seed++) {
      const { picture, objects } = pasteObjects(background, donor, new RandomStream(seed));
      expect(objects).toHaveLength(2);
      expect(objects[0]).toEqual(background.objects[0]);
      const [x, y, width, height] = objects[1]!.box;
      // Brightness rises from 20 to 220 over 12 % of the side: it passes 120 half way in, earlier on the other object.
      const inset = 0.06 * Math.min(width, height);
      near(brightBox(picture, 120), [x + inset, y + inset, width - 2 * inset, height - 2 * inset], 3);
      expect(picture.data[3 * (Math.floor(y + height / 2) * SIDE + Math.floor(x + width / 2))]).toBeGreaterThan(215);
    }
    expect(background.picture.data).toEqual(scene([[50, 50, 30, 30]], 90).picture.data);
  });

  it('leaves the picture as it was, also one whose values are a Buffer, as decoded ones are', () => {
    const raster = (value: number): Raster<Uint8Array> => ({ ...size, data: Buffer.alloc(SIDE * SIDE * 3, value) });
    const background = raster(20);
    const [object] = scene([[10, 10, 24, 24]]).objects;
    const pasted = pastePicture(background, raster(220), [
      { object: object!, target: [40, 40, 24, 24], mirrored: false },
    ]);
    expect(pasted.data[3 * (52 * SIDE + 52)]).toBe(220);
    expect(background.data).toEqual(raster(20).data);
  });

  it('leaves out crowds and what does not fit', () => {
    const background = scene([]);
    const crowd = scene([[10, 10, 20, 20]]);
    const only = (objects: readonly PlacedObject[]) =>
      pasteObjects(background, { ...crowd, objects }, new RandomStream(1)).objects;
    expect(only([{ box: [10, 10, 20, 20], label: 0, crowd: true }])).toEqual([]);
    expect(only([{ box: [10, 10, 3, 2], label: 0, crowd: false }])).toEqual([]);
  });
});
