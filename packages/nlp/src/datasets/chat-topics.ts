import type { RegisteredDataset } from '@headstart/core';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FAILSAFE_SCHEMA, load } from 'js-yaml';
import { z } from 'zod';
import { distinctTexts, textTarget, unlike, type FoundText } from './text-target.ts';

const DATA = 'chatterbot_corpus/data';

/**
 * Languages in which enough is said about at least four topics, with how many exchanges and topics; the folder is the name without
 * its dash.
 */
const LANGUAGES = {
  chinese: [392, 11],
  dutch: [194, 8],
  english: [442, 13],
  italian: [461, 13],
  japanese: [475, 13],
  korean: [364, 13],
  persian: [586, 12],
  spanish: [196, 4],
  'traditional-chinese': [381, 11],
  ukrainian: [377, 12],
} as const;
export type ChatLanguage = keyof typeof LANGUAGES;
export const CHAT_LANGUAGES = Object.keys(LANGUAGES) as ChatLanguage[];

/** Topics that say what is spoken of, as "conversations", "gossip", "greetings" and "botprofile" do not, in most of these languages. */
const TOPICS = [
  'ai',
  'computers',
  'emotion',
  'food',
  'history',
  'humor',
  'literature',
  'money',
  'movies',
  'politics',
  'psychology',
  'science',
  'sports',
];

/** Topics under other file names. */
const ALIASES: Readonly<Record<string, string>> = {
  IA: 'ai',
  dinero: 'money',
  emociones: 'emotion',
  psicologia: 'psychology',
  sport: 'sports',
};

/** Exchanges that a topic must have in a language to be among its classes. */
const FEWEST = 8;

/** A file of the corpus holds some hundred kilobytes at most. */
const LARGEST = 4 * 2 ** 20;

const corpus = z.object({ conversations: z.array(z.union([z.string(), z.array(z.string().nullable())])) });

/**
 * The exchanges in one language of the ChatterBot corpus, mostly a question and its answer in one text, without doubles; the class is
 * the topic. Most languages translate the English conversations, so that language is a domain and topics stay.
 */
export function chatTopics(language: ChatLanguage): RegisteredDataset {
  const id = `chat-${language}`;
  const folder = `${DATA}/${language.replace('-', '')}`;
  const [samples, topics] = LANGUAGES[language];
  return {
    id,
    modality: 'text',
    description: `${samples.toLocaleString('en')} exchanges in ${nameOf(language)}, question and answer, in ${topics} topics`,
    licence: 'BSD (package and texts)',
    task: 'text-classification',
    async load({ artifacts }) {
      const { path } = await artifacts.package({
        uri: 'pypi:chatterbot-corpus@1.3.3',
        archiveSha256: '86de5300afb9a80826386339d3bec79c0a72eb0358abb8327e2ecef5ae0ce154',
        include: [folder],
      });
      const found: FoundText[] = [];
      for (const file of (await readdir(join(path, folder))).sort()) {
        const name = file.replace(/\.yml$/, '');
        const label = TOPICS.indexOf(ALIASES[name] ?? name);
        if (label < 0) continue;
        const texts = exchanges(await readFile(join(path, folder, file), 'utf8'), join(path, folder, file));
        found.push(...texts.map((text, i) => ({ id: `${file}:${i + 1}`, text, label })));
      }
      return commonTopics(id, distinctTexts(found));
    },
  };
}

function nameOf(language: ChatLanguage): string {
  return language
    .split('-')
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join(' ');
}

function commonTopics(id: string, found: readonly FoundText[]) {
  const counts = TOPICS.map((_, label) => found.filter((one) => one.label === label).length);
  const labels = TOPICS.filter((_, label) => counts[label]! >= FEWEST);
  const kept = found.filter(({ label }) => counts[label]! >= FEWEST);
  return textTarget(
    id,
    labels,
    kept.map((one) => ({ ...one, label: labels.indexOf(TOPICS[one.label]!) })),
  );
}

/** The exchanges of a file in their order, each in one text. @throws HeadstartError `target-unreadable` */
export function exchanges(yaml: string, file: string): string[] {
  try {
    if (yaml.length > LARGEST) throw new RangeError(`It has ${yaml.length} characters.`);
    // Every scalar is a text: "Yes" and "1984" are said, not meant as values.
    const { conversations } = corpus.parse(load(yaml, { schema: FAILSAFE_SCHEMA }));
    return conversations
      .map((exchange) =>
        [exchange]
          .flat()
          .map((text) => (text ?? '').trim())
          .filter((text) => text !== '')
          .join(' '),
      )
      .filter((text) => text !== '');
  } catch (cause) {
    throw unlike(file, 'a file of conversations', cause);
  }
}
