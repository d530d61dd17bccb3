import { byCodeUnit } from '@headstart/core/readers';
import { HeadstartError, type ReadOptions, type RegisteredDataset, type TargetData } from '@headstart/core';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ImageSample } from '../images/image-sample.ts';
import { readSamples, type FoundImage } from '../readers/read-samples.ts';

const VERSION = '16.0.0';
export const EMOJI_VENDORS = ['google', 'twitter', 'apple', 'facebook'] as const;
export type EmojiVendor = (typeof EMOJI_VENDORS)[number];

interface Package {
  readonly sha256: string;
  readonly title: string;
  readonly licence: string;
}

const PACKAGES: Readonly<Record<EmojiVendor, Package>> = {
  google: {
    sha256: 'fb5fd131b362aab7a55542d2a147a79708cce0a8b1c1bbacd470172708b5c438',
    title: 'Google (Noto)',
    licence: 'MIT (package), Apache-2.0 (pictures)',
  },
  twitter: {
    sha256: 'f64a530c63bca463bd8317fdc4615ce63a53a0c65018e4ce2d848aaba7a28877',
    title: 'Twitter (Twemoji)',
    licence: 'MIT (package), CC BY 4.0 (pictures)',
  },
  apple: {
    sha256: 'b34d1665e136f163b0d4433318df151895b785186e8c729b2211b43017945075',
    title: 'Apple',
    licence: 'MIT (package); the pictures are © Apple, not for redistribution',
  },
  facebook: {
    sha256: '017038cf5a4e7fcf03dd9133cbed43d4c281c4b3ce7b927c7160261b92b8821e',
    title: 'Facebook',
    licence: 'MIT (package); the pictures are © Meta, not for redistribution',
  },
};

const emojiEntry = z.object({
  unified: z.string().min(1),
  image: z.string().regex(/^[0-9a-f-]+\.png$/),
  category: z.string(),
  has_img_google: z.boolean(),
  has_img_twitter: z.boolean(),
  has_img_apple: z.boolean(),
  has_img_facebook: z.boolean(),
});

/**
 * Emoji of one vendor, 64 x 64 pixels with transparency; the class is the Unicode category. All four
 * data sets hold the same 1,852 emoji, those that every vendor draws (the category "Component", five
 * bare skin tones, left out), in the same order under the same ids. A split is drawn from seed, class
 * and order, so that one seed splits all vendors alike: no model meets a tested emoji in another
 * vendor's drawing while it trains.
 */
export function emojiDataset(vendor: EmojiVendor): RegisteredDataset {
  const { sha256, title, licence } = PACKAGES[vendor];
  return {
    id: `emoji-${vendor}`,
    modality: 'image',
    description: `1,852 emoji in 9 categories as ${title} draws them`,
    licence,
    task: 'image-classification',
    async load({ artifacts }, options) {
      const folder = `img/${vendor}/64`;
      const { path } = await artifacts.package({
        uri: `npm:emoji-datasource-${vendor}@${VERSION}`,
        archiveSha256: sha256,
        include: ['emoji.json', folder],
      });
      return readEmoji(vendor, path, join(path, folder), options);
    },
  };
}

async function readEmoji(
  vendor: EmojiVendor,
  root: string,
  folder: string,
  options: ReadOptions,
): Promise<TargetData<ImageSample>> {
  const entries = emojiList(await readFile(join(root, 'emoji.json'), 'utf8'));
  const labels = [...new Set(entries.map(({ category }) => category))].sort(byCodeUnit);
  const found = entries.map(({ unified, image, category }): FoundImage => {
    return { id: unified, path: join(folder, image), label: labels.indexOf(category) };
  });
  const { samples, skipped } = await readSamples(found, options);
  return { id: `emoji-${vendor}`, modality: 'image', reader: 'image-folder', labels, samples, skipped };
}

/** The emoji that all vendors draw, by code point. @throws HeadstartError `target-unreadable` */
export function emojiList(json: string): { unified: string; image: string; category: string }[] {
  const parsed = z.array(emojiEntry).safeParse(JSON.parse(json));
  if (!parsed.success) {
    throw new HeadstartError({
      code: 'target-unreadable',
      message: `The emoji list does not match that of version ${VERSION}: ${z.prettifyError(parsed.error)}`,
      hint: 'Remove the package from the cache and run again.',
      cause: parsed.error,
    });
  }
  return parsed.data
    .filter((entry) => entry.category !== 'Component' && EMOJI_VENDORS.every((vendor) => entry[`has_img_${vendor}`]))
    .sort((a, b) => byCodeUnit(a.unified, b.unified));
}
