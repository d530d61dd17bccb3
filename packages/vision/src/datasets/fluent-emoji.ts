import { HeadstartError, type Artifacts, type RegisteredDataset } from '@headstart/core';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { drawnEmoji } from './drawn-emoji.ts';
import { OPENMOJI_PACKAGE, withoutVariation } from './openmoji.ts';

export const FLUENT_STYLES = ['color', 'flat', 'contrast'] as const;
export type FluentStyle = (typeof FLUENT_STYLES)[number];

const STYLES: Readonly<Record<FluentStyle, { folder: string; title: string }>> = {
  color: { folder: 'icons/modern', title: 'shaded' },
  flat: { folder: 'icons/flat', title: 'in flat colours' },
  contrast: { folder: 'icons/high-contrast', title: 'in black' },
};

/**
 * Microsoft's Fluent emoji in one of their styles. Their files are called by the names of the emoji in the Unicode
 * Consortium's locale data, which OpenMoji's list gives by code point. Flags of countries and most families are not drawn.
 */
export function fluentEmoji(style: FluentStyle): RegisteredDataset {
  const { folder, title } = STYLES[style];
  return drawnEmoji({
    id: `emoji-fluent-${style}`,
    description: `1,524 emoji in 9 categories as Microsoft (Fluent) draws them, ${title}`,
    licence: 'MIT (package and pictures)',
    uri: 'npm:fluentui-emoji@1.3.0',
    sha256: 'ec892e607e854859b812c7d827801756adc19955b0ef56d4ae8afcddd19492c5',
    folder,
    async finder(files, artifacts) {
      const names = await emojiNames(artifacts);
      const present = new Set(files);
      return ({ unified }) => {
        const name = fluentName(names.get(withoutVariation(unified)) ?? '');
        return [`${name}.svg`, `${name}-default.svg`].find((file) => present.has(file));
      };
    },
  });
}

/** How Fluent's files write an emoji's name: `woman’s hat` as `womans-hat`. */
export function fluentName(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f’'“”.!,]/g, '')
    .replaceAll('&', 'and')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

const NAMES = 'data/openmoji.json';
const named = z.array(z.object({ hexcode: z.string(), annotation: z.string() }));

/** English names of emoji by their code points, without variation selectors. */
async function emojiNames(artifacts: Artifacts): Promise<ReadonlyMap<string, string>> {
  const { path } = await artifacts.package({ ...OPENMOJI_PACKAGE, include: [NAMES] });
  const file = join(path, NAMES);
  try {
    const list = named.parse(JSON.parse(await readFile(file, 'utf8')));
    return new Map(list.map(({ hexcode, annotation }) => [withoutVariation(hexcode), annotation]));
  } catch (cause) {
    throw new HeadstartError({
      code: 'target-unreadable',
      message: `${file} is not the list of emoji with their names that the package has.`,
      hint: 'Remove the package from the cache and run again.',
      cause,
    });
  }
}
