import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifacts } from '@headstart/core';
import sharp from 'sharp';

export const SCENE_VENDORS = ['google', 'twitter', 'apple', 'facebook'] as const;
export type SceneVendor = (typeof SCENE_VENDORS)[number];

const VERSION = '16.0.0';

/** Each vendor's package, `emoji-datasource-<vendor>`: its archive's SHA-256, and who drew what under which licence. */
const PACKAGES: Readonly<Record<SceneVendor, { sha256: string; title: string; licence: string }>> = {
  google: {
    sha256: 'fb5fd131b362aab7a55542d2a147a79708cce0a8b1c1bbacd470172708b5c438',
    title: 'Google (Noto)',
    licence: 'Apache-2.0 (emoji)',
  },
  twitter: {
    sha256: 'f64a530c63bca463bd8317fdc4615ce63a53a0c65018e4ce2d848aaba7a28877',
    title: 'Twitter (Twemoji)',
    licence: 'CC BY 4.0 (emoji)',
  },
  apple: {
    sha256: 'b34d1665e136f163b0d4433318df151895b785186e8c729b2211b43017945075',
    title: 'Apple',
    licence: '© Apple (emoji), not for redistribution',
  },
  facebook: {
    sha256: '017038cf5a4e7fcf03dd9133cbed43d4c281c4b3ce7b927c7160261b92b8821e',
    title: 'Facebook',
    licence: '© Meta (emoji), not for redistribution',
  },
};

/** The classes, by their emoji's code point. */
export const SCENE_CLASSES = {
  apple: '1f34e',
  bicycle: '1f6b2',
  car: '1f697',
  dog: '1f436',
  guitar: '1f3b8',
  house: '1f3e0',
  key: '1f511',
  pizza: '1f355',
  tree: '1f332',
  umbrella: '2614',
} as const;

/** 8-bit sRGB with alpha, row-major `[height, width, 4]`. */
export interface Cutout {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export function vendorTitle(vendor: SceneVendor): string {
  return PACKAGES[vendor].title;
}

export function vendorLicence(vendor: SceneVendor): string {
  return PACKAGES[vendor].licence;
}

/** Every class's emoji as a vendor draws it, 64 x 64 pixels, PNG, in the order of `SCENE_CLASSES`. */
export async function emojiPictures(artifacts: Artifacts, vendor: SceneVendor): Promise<Buffer[]> {
  const files = Object.values(SCENE_CLASSES).map((code) => `img/${vendor}/64/${code}.png`);
  const { path } = await artifacts.package({
    uri: `npm:emoji-datasource-${vendor}@${VERSION}`,
    archiveSha256: PACKAGES[vendor].sha256,
    include: files,
  });
  return Promise.all(files.map((file) => readFile(join(path, file))));
}

/** An emoji enlarged or reduced to a square side, mirrored and turned clockwise about its middle; the result holds all of it. */
export async function turnedEmoji(
  png: Buffer,
  { side, degrees, mirrored }: { side: number; degrees: number; mirrored: boolean },
): Promise<Cutout> {
  const sized = await sharp(png)
    .ensureAlpha()
    .flop(mirrored)
    .resize(side, side, { fit: 'fill', kernel: 'cubic' })
    .png()
    .toBuffer();
  const { data, info } = await sharp(sized)
    .rotate(degrees, { background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}
