import type { RegisteredDataset } from '@headstart/core';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { textTarget, unlike } from './text-target.ts';

export const SENTIMENT_SITES = ['amazon', 'imdb', 'yelp'] as const;
export type SentimentSite = (typeof SENTIMENT_SITES)[number];

/** The classes of every data set of opinions. */
export const OPINIONS = ['negative', 'positive'];
const WHAT: Readonly<Record<SentimentSite, string>> = {
  amazon: 'product reviews on Amazon',
  imdb: 'film reviews on IMDb',
  yelp: 'restaurant reviews on Yelp',
};

const fileOf = (site: SentimentSite) => `test/fixtures/${site}.json`;

/**
 * Sentiment Labelled Sentences (Kotzias et al., 2015, "From group to individual labels using deep
 * features"): 1,000 sentences from reviews of one site, half of them negative, half positive, in the
 * file's order and as they are written there. Samples are numbered from 1.
 */
export function sentimentDataset(site: SentimentSite): RegisteredDataset {
  const id = `sentiment-${site}`;
  return {
    id,
    modality: 'text',
    description: `1,000 sentences from ${WHAT[site]}, negative or positive`,
    licence: 'MIT (package), CC BY 4.0 (sentences)',
    task: 'sentiment-analysis',
    async load({ artifacts }) {
      const { path } = await artifacts.package({
        uri: 'npm:sentiment@5.0.2',
        archiveSha256: '89302eb03d2005d03b214fe65814bb48adb7d3c42c8ca80bdee6a3ecb7e4480f',
        include: SENTIMENT_SITES.map(fileOf),
      });
      const file = join(path, fileOf(site));
      const found = sentences(await readFile(file, 'utf8'), file);
      return textTarget(
        id,
        OPINIONS,
        found.map(({ text, class: label }, i) => ({ id: `${id}/${i + 1}`, text, label })),
      );
    },
  };
}

const entries = z.array(
  z.union([
    z.object({ text: z.string().min(1), class: z.literal([0, 1]) }),
    z.object({ text: z.literal(''), class: z.null() }),
  ]),
);

/** The labelled sentences of a file, whose last entry is empty. @throws HeadstartError `target-unreadable` */
function sentences(json: string, file: string): { text: string; class: 0 | 1 }[] {
  try {
    return entries.parse(JSON.parse(json)).flatMap((entry) => (entry.class === null ? [] : [entry]));
  } catch (cause) {
    throw unlike(file, 'the list of labelled sentences', cause);
  }
}
