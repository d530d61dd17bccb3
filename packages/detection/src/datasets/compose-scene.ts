import sharp from 'sharp';
import type { Box } from '../boxes/box.ts';
import { turnedEmoji, type Cutout } from './emoji-pictures.ts';
import { SCENE_SIDE, type SceneLayout } from './scene-layout.ts';

/** A composed scene. */
export interface Scene {
  /** 8-bit sRGB, row-major `[416, 416, 3]`. */
  readonly pixels: Uint8Array;
  readonly objects: readonly SceneObject[];
}

export interface SceneObject {
  readonly label: number;
  /** Around the visible part. */
  readonly box: Box;
  /** Visible pixels. */
  readonly area: number;
}

/** From this alpha on a pixel belongs to an object. */
const SOLID = 128;
const NOBODY = 0xff;

/**
 * Pastes a layout's objects one after another. An object's box is the smallest one around what is seen
 * of it: its pixels of alpha 128 or more, inside the scene, on which no later object has such a pixel.
 * What is hidden is not guessed. An object of which nothing is seen is left out.
 *
 * @param emoji a PNG a class
 */
export async function composeScene(layout: SceneLayout, photograph: string, emoji: readonly Buffer[]): Promise<Scene> {
  const pixels = await background(photograph, layout.crop);
  const owner = new Uint8Array(SCENE_SIDE * SCENE_SIDE).fill(NOBODY);
  for (const [index, object] of layout.objects.entries()) {
    const cutout = await turnedEmoji(emoji[object.label]!, object);
    const left = Math.round(object.centre[0] - cutout.width / 2);
    const top = Math.round(object.centre[1] - cutout.height / 2);
    paste(pixels, owner, cutout, left, top, index);
  }
  const objects = layout.objects.flatMap(({ label }, index) => {
    const seen = extentOf(owner, index);
    return seen ? [{ label, ...seen }] : [];
  });
  return { pixels, objects };
}

async function background(path: string, { x, y, share, mirrored }: SceneLayout['crop']): Promise<Uint8Array> {
  const { width, height } = await sharp(path).metadata();
  const side = Math.max(1, Math.round(Math.min(width, height) * share));
  const left = Math.round((width - side) * x);
  const top = Math.round((height - side) * y);
  return sharp(path)
    .extract({ left, top, width: side, height: side })
    .flop(mirrored)
    .resize(SCENE_SIDE, SCENE_SIDE, { fit: 'fill', kernel: 'cubic' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer();
}

function paste(
  pixels: Uint8Array,
  owner: Uint8Array,
  { data, width, height }: Cutout,
  left: number,
  top: number,
  index: number,
): void {
  for (let row = Math.max(0, -top); row < height && top + row < SCENE_SIDE; row++) {
    for (let column = Math.max(0, -left); column < width && left + column < SCENE_SIDE; column++) {
      const from = 4 * (row * width + column);
      const alpha = data[from + 3]!;
      if (alpha === 0) continue;
      const place = (top + row) * SCENE_SIDE + left + column;
      for (let channel = 0; channel < 3; channel++) {
        const under = pixels[3 * place + channel]!;
        pixels[3 * place + channel] = Math.round(under + ((data[from + channel]! - under) * alpha) / 255);
      }
      if (alpha >= SOLID) owner[place] = index;
    }
  }
}

function extentOf(owner: Uint8Array, index: number): Pick<SceneObject, 'box' | 'area'> | undefined {
  let [left, top, right, bottom, area] = [SCENE_SIDE, SCENE_SIDE, 0, 0, 0];
  for (let place = owner.indexOf(index); place >= 0; place = owner.indexOf(index, place + 1)) {
    const [column, row] = [place % SCENE_SIDE, Math.floor(place / SCENE_SIDE)];
    left = Math.min(left, column);
    right = Math.max(right, column + 1);
    top = Math.min(top, row);
    bottom = row + 1;
    area++;
  }
  return area > 0 ? { box: [left, top, right - left, bottom - top], area } : undefined;
}
