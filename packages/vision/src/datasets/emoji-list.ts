import { byCodeUnit } from '@headstart/core/readers';
import { HeadstartError, type Artifacts } from '@headstart/core';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const VERSION = '16.0.0';
export const EMOJI_VENDORS = ['google', 'twitter', 'apple', 'facebook'] as const;
export type EmojiVendor = (typeof EMOJI_VENDORS)[number];

const SHA256: Readonly<Record<EmojiVendor, string>> = {
  google: 'fb5fd131b362aab7a55542d2a147a79708cce0a8b1c1bbacd470172708b5c438',
  twitter: 'f64a530c63bca463bd8317fdc4615ce63a53a0c65018e4ce2d848aaba7a28877',
  apple: 'b34d1665e136f163b0d4433318df151895b785186e8c729b2211b43017945075',
  facebook: '017038cf5a4e7fcf03dd9133cbed43d4c281c4b3ce7b927c7160261b92b8821e',
};

/** An emoji by its code points (`1F468-200D-1F3A8`), its file in every vendor's folder, and its Unicode category. */
export interface ListedEmoji {
  readonly unified: string;
  readonly image: string;
  readonly category: string;
}

/** A vendor's package with the list and, where a folder is named, what lies in it. @returns where it is unpacked */
export async function emojiPackage(artifacts: Artifacts, vendor: EmojiVendor, folder?: string): Promise<string> {
  const { path } = await artifacts.package({
    uri: `npm:emoji-datasource-${vendor}@${VERSION}`,
    archiveSha256: SHA256[vendor],
    include: [LIST, ...(folder === undefined ? [] : [folder])],
  });
  return path;
}

const LIST = 'emoji.json';

const emojiEntry = z.object({
  unified: z.string().min(1),
  image: z.string().regex(/^[0-9a-f-]+\.png$/),
  category: z.string(),
  has_img_google: z.boolean(),
  has_img_twitter: z.boolean(),
  has_img_apple: z.boolean(),
  has_img_facebook: z.boolean(),
});

/** The list in a vendor's unpacked package; all vendors' are the same. @throws HeadstartError `target-unreadable` */
export async function readEmojiList(root: string): Promise<ListedEmoji[]> {
  return emojiList(await readFile(join(root, LIST), 'utf8'));
}

/** Their categories, in the order in which every data set of emoji numbers them. */
export function emojiCategories(emoji: readonly ListedEmoji[]): string[] {
  return [...new Set(emoji.map(({ category }) => category))].sort(byCodeUnit);
}

/** The emoji that all vendors draw, by code point. @throws HeadstartError `target-unreadable` */
export function emojiList(json: string): ListedEmoji[] {
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
