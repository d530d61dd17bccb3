import { derivedRoot } from '@headstart/artifacts/storage';
import type { Artifacts, RegisteredDataset } from '@headstart/core';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { readSamples, type FoundImage } from '../readers/read-samples.ts';
import { emojiCategories, emojiPackage, readEmojiList, type ListedEmoji } from './emoji-list.ts';
import { paintDrawings } from './paint-drawings.ts';

/** Emoji as line drawings (SVG), a file each. */
export interface EmojiDrawings {
  readonly id: string;
  readonly description: string;
  readonly licence: string;
  readonly uri: string;
  readonly sha256: string;
  /** The folder of the files within the package. */
  readonly folder: string;
  /** Gives each emoji's file among those of the folder, undefined where it is not drawn. */
  readonly finder: (
    files: readonly string[],
    artifacts: Artifacts,
  ) => Promise<(emoji: ListedEmoji) => string | undefined>;
}

/** Changes with how drawings are painted; the painter's version changes that, too. */
const FORMAT = 1;

/**
 * Emoji that are published as drawings, painted once at the size of the vendors' pictures and kept in the cache. They are
 * those of the vendors' 1,852 that are drawn, under the same ids, categories and order, split by the vendors' roster:
 * one seed splits all data sets of emoji alike.
 */
export function drawnEmoji({
  id,
  description,
  licence,
  uri,
  sha256,
  folder,
  finder,
}: EmojiDrawings): RegisteredDataset {
  return {
    id,
    modality: 'image',
    description,
    licence,
    task: 'image-classification',
    async load({ artifacts }, options) {
      const emoji = await readEmojiList(await emojiPackage(artifacts, 'google'));
      const { path } = await artifacts.package({ uri, archiveSha256: sha256, include: [folder] });
      const fileOf = await finder(await readdir(join(path, folder)), artifacts);
      const drawn = emoji.flatMap((one) => {
        const file = fileOf(one);
        return file === undefined ? [] : [{ ...one, file }];
      });
      const vips = sharp.versions.vips.split('.').slice(0, 2).join('.');
      const painted = join(derivedRoot(artifacts), 'drawings', `${id}-${sha256.slice(0, 8)}-${FORMAT}-libvips-${vips}`);
      await paintDrawings(
        painted,
        drawn.map(({ unified, file }) => ({ name: unified, path: join(path, folder, file) })),
        options.progress,
      );
      const labels = emojiCategories(emoji);
      const found = drawn.map(({ unified, category }): FoundImage => {
        return { id: unified, path: join(painted, `${unified}.png`), label: labels.indexOf(category) };
      });
      const { samples, skipped } = await readSamples(found, options);
      const roster = emoji.map(({ unified, category }) => ({ id: unified, label: category }));
      return { id, modality: 'image', reader: 'image-folder', labels, samples, roster, skipped };
    },
  };
}
