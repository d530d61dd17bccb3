import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createArtifacts } from '@headstart/core';
import sharp from 'sharp';
import { photographs } from '../tools/workspace/photographs.ts';

/** A photograph of a cup on a table, and the same in other sizes, formats and colours. */
export async function writePictures(folder: string): Promise<void> {
  const [, coffee] = await photographs(createArtifacts());
  const to = (name: string) => join(folder, name);
  await copyFile(coffee!, to('coffee.png'));
  const photo = sharp(await readFile(coffee!));
  const disc = '<svg width="300" height="200"><circle cx="150" cy="100" r="80" fill="#c33" fill-opacity=".6"/></svg>';
  await Promise.all([
    sharp(Buffer.from(disc)).png().toFile(to('see-through.png')),
    sharp(Buffer.from(disc)).png({ palette: true }).toFile(to('palette.png')),
    sharp(Buffer.from(disc)).greyscale().png().toFile(to('grey-alpha.png')),
    sharp(Buffer.from(disc)).webp({ lossless: true }).toFile(to('see-through.webp')),
    photo.clone().resize(2400, 1600).jpeg({ quality: 90 }).toFile(to('large.jpg')),
    photo.clone().resize(3999, 3001, { fit: 'fill' }).jpeg().toFile(to('huge.jpg')),
    photo.clone().jpeg().toFile(to('photo.jpg')),
    photo.clone().jpeg().withMetadata({ orientation: 6 }).toFile(to('turned.jpg')),
    photo.clone().resize(40, 27).webp({ lossless: true }).toFile(to('tiny.webp')),
    photo.clone().greyscale().png().toFile(to('grey.png')),
    photo.clone().withIccProfile('p3').png().toFile(to('wide-gamut.png')),
    photo.clone().toColourspace('rgb16').png().toFile(to('deep.png')),
  ]);
}

/** Two classes of pictures, discs and bars, a dozen of each. */
export async function writeClasses(folder: string): Promise<void> {
  const shapes = {
    discs: '<circle cx="40" cy="30" r="20" fill="#d52"/>',
    bars: '<rect x="30" y="5" width="14" height="50" fill="#25d"/>',
  };
  for (const [name, shape] of Object.entries(shapes)) {
    await mkdir(join(folder, name), { recursive: true });
    for (let i = 0; i < 12; i++) {
      const ground = `<rect width="80" height="60" fill="hsl(${i * 30} 40% 60%)"/>`;
      const svg = `<svg width="80" height="60">${ground}<g transform="translate(${i - 6} 0)">${shape}</g></svg>`;
      await sharp(Buffer.from(svg))
        .png()
        .toFile(join(folder, name, `${i}.png`));
    }
  }
}
