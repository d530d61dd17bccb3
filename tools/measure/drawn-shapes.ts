import { RandomStream } from '@headstart/core';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const SIDE = 96;

/** Each in the square of side 2 around the origin. */
const SHAPES = {
  disc: '<circle r="1"/>',
  box: '<rect x="-0.9" y="-0.9" width="1.8" height="1.8"/>',
  wedge: '<path d="M-1 0.9L0 -1L1 0.9Z"/>',
  cross: '<path d="M-1 -0.35H-0.35V-1H0.35V-0.35H1V0.35H0.35V1H-0.35V0.35H-1Z"/>',
} as const;

/** The names of the shapes, which are the classes. */
export const SHAPE_NAMES = Object.keys(SHAPES) as readonly (keyof typeof SHAPES)[];

/**
 * Draws a folder of pictures for each shape: one shape of a random colour, size, place and turn on a random ground. The
 * same seed gives the same pictures.
 * @param perClass how many of each shape, or of all
 */
export async function drawShapes(
  folder: string,
  perClass: number | Partial<Readonly<Record<string, number>>>,
  seed: number,
): Promise<string> {
  for (const [name, shape] of Object.entries(SHAPES)) {
    const count = typeof perClass === 'number' ? perClass : (perClass[name] ?? 0);
    if (count === 0) continue;
    await mkdir(join(folder, name), { recursive: true });
    const random = new RandomStream(seed).child('shapes', name);
    for (let i = 0; i < count; i++) {
      const draw = random.child(i);
      const size = 14 + 20 * draw.next();
      const place = () => size + (SIDE - 2 * size) * draw.next();
      const hue = 360 * draw.next();
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}"><rect width="100%" height="100%" fill="hsl(${hue + 90 + 180 * draw.next()},50%,80%)"/><g fill="hsl(${hue},70%,40%)" transform="translate(${place()} ${place()}) rotate(${20 * draw.normal()}) scale(${size})">${shape}</g></svg>`;
      await sharp(Buffer.from(svg))
        .removeAlpha()
        .png()
        .toFile(join(folder, name, `${i}.png`));
    }
  }
  return folder;
}
