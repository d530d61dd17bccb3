import type { RegisteredDataset } from '@headstart/core';
import { drawnEmoji } from './drawn-emoji.ts';

export const OPENMOJI_PACKAGE = {
  uri: 'npm:openmoji@17.0.0',
  archiveSha256: '55ee7d13485dec86e9f38c1f3a645a13382d33ff97c0cd845ee824b0aef45e68',
} as const;

/**
 * OpenMoji, in colour: emoji drawn at the HfG Schwäbisch Gmünd and by contributors. (Its black lines leave flags of most
 * countries the same.)
 */
export const openMoji: RegisteredDataset = drawnEmoji({
  id: 'emoji-openmoji',
  description: '1,852 emoji in 9 categories as OpenMoji draws them',
  licence: 'CC BY-SA 4.0 (package and pictures)',
  uri: OPENMOJI_PACKAGE.uri,
  sha256: OPENMOJI_PACKAGE.archiveSha256,
  folder: 'color/svg',
  async finder(files) {
    const byCode = new Map(files.map((file) => [withoutVariation(file.replace(/\.svg$/, '')), file]));
    return ({ unified }) => byCode.get(withoutVariation(unified));
  },
});

/** Code points without the selectors of a variant, which lists of emoji write or leave out. */
export function withoutVariation(codePoints: string): string {
  return codePoints.replaceAll('-FE0F', '');
}
