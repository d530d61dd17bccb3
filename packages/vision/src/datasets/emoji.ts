import type { RegisteredDataset } from '@headstart/core';
import { join } from 'node:path';
import { readSamples, type FoundImage } from '../readers/read-samples.ts';
import { emojiCategories, emojiPackage, readEmojiList, type EmojiVendor } from './emoji-list.ts';

const DRAWN: Readonly<Record<EmojiVendor, { readonly title: string; readonly licence: string }>> = {
  google: { title: 'Google (Noto)', licence: 'MIT (package), Apache-2.0 (pictures)' },
  twitter: { title: 'Twitter (Twemoji)', licence: 'MIT (package), CC BY 4.0 (pictures)' },
  apple: { title: 'Apple', licence: 'MIT (package); the pictures are © Apple, not for redistribution' },
  facebook: { title: 'Facebook', licence: 'MIT (package); the pictures are © Meta, not for redistribution' },
};

/**
 * Emoji of one vendor, 64 x 64 pixels with transparency; the class is the Unicode category. All four
 * data sets hold the same 1,852 emoji, those that every vendor draws (the category "Component", five
 * bare skin tones, left out), in the same order under the same ids. A split is drawn from seed, class
 * and order, so that one seed splits all vendors alike: no model meets a tested emoji in another
 * vendor's drawing while it trains.
 */
export function emojiDataset(vendor: EmojiVendor): RegisteredDataset {
  const id = `emoji-${vendor}`;
  const { title, licence } = DRAWN[vendor];
  return {
    id,
    modality: 'image',
    description: `1,852 emoji in 9 categories as ${title} draws them`,
    licence,
    task: 'image-classification',
    async load({ artifacts }, options) {
      const folder = `img/${vendor}/64`;
      const root = await emojiPackage(artifacts, vendor, folder);
      const emoji = await readEmojiList(root);
      const labels = emojiCategories(emoji);
      const found = emoji.map(({ unified, image, category }): FoundImage => {
        return { id: unified, path: join(root, folder, image), label: labels.indexOf(category) };
      });
      const { samples, skipped } = await readSamples(found, options);
      return { id, modality: 'image', reader: 'image-folder', labels, samples, skipped };
    },
  };
}
