import { silentProgress } from '@headstart/artifacts';
import { describe, expect, it } from 'vitest';
import { datasetOf } from '../../domains/splits.ts';
import type { Sample } from '../../domains/target-domain.ts';
import { RandomStream } from '../../random/random-stream.ts';
import type { View } from '../looked-at.ts';
import { findNear } from './find-near.ts';
import { piecesOf, plainText, sharedPieces, SIGNATURE, signatureOf } from './text-print.ts';

const view: View = ({ id }) => ({ texts: id.split('|') });
/** A text is its own id. */
const sample = (id: string): Sample => ({ id, digest: id });
const none = datasetOf<Sample>([]);
const find = (train: readonly string[], test: readonly string[], thorough = true) =>
  findNear(
    { train: datasetOf(train.map(sample)), validation: none, test: datasetOf(test.map(sample)) },
    { view, progress: silentProgress, thorough },
  );
async function pairs(train: readonly string[], test: readonly string[]): Promise<[string, string][]> {
  const { near } = await find(train, test);
  const crossing = near!.between.filter(({ sides: [first, second] }) => first !== second);
  return crossing.flatMap((each) => each.pairs.map(({ first, second }): [string, string] => [first.id, second.id]));
}

const random = new RandomStream('words');
const word = () => Array.from({ length: 2 + random.int(8) }, () => String.fromCharCode(97 + random.int(26))).join('');
const VOCABULARY = Array.from({ length: 3000 }, word);
const text = (words: number) => Array.from({ length: words }, () => VOCABULARY[random.int(3000)]!);

describe('near-duplicates among texts', () => {
  it('are those that differ in case, punctuation, blanks and marks that are not seen, however short', async () => {
    const train = ['Great film!', 'It is so-so.', 'naïve', '¡Qué bien!', '日本語です。', ':-)'];
    const test = [
      'great   FILM',
      'it is SO so',
      'naı\u0308ve',
      'nai\u0308ve\u200b',
      'qué bien',
      '日本語です',
      ':-(',
      'Great films',
    ];
    expect(await pairs(train, test)).toEqual([
      ['Great film!', 'great   FILM'],
      ['It is so-so.', 'it is SO so'],
      ['naïve', 'nai\u0308ve\u200b'],
      ['¡Qué bien!', 'qué bien'],
      ['日本語です。', '日本語です'],
    ]);
  });

  it('are found where a word of forty is another, of 19 in 20 at least, and nowhere else', async () => {
    const originals = Array.from({ length: 300 }, () => text(40));
    const changed = originals.map((words) => words.with(random.int(40), 'otherwise'));
    const found = await pairs(
      originals.map((words) => words.join(' ')),
      changed.map((words) => words.join(' ')),
    );
    expect(found.length).toBeGreaterThanOrEqual(285);
    const places = new Map(originals.map((words, i) => [words.join(' '), i]));
    for (const [first, second] of found) expect(changed[places.get(first)!]!.join(' ')).toBe(second);
  });

  it('are none of texts that share half of their words, nor of short ones with another word', async () => {
    const originals = Array.from({ length: 200 }, () => text(30));
    const halves = originals.map((words) => [...words.slice(0, 15), ...text(15)]);
    const joined = (of: readonly (readonly string[])[]) => of.map((words) => words.join(' '));
    expect(await pairs(joined(originals), joined(halves))).toEqual([]);
    expect(await pairs(['I liked the film a lot'], ['I disliked the book a lot', 'a lot'])).toEqual([]);
  });

  it('are found in scripts without blanks, and of pairs only where both texts are alike', async () => {
    const chinese = '这家酒店的房间非常干净服务也很好下次还会再来住的推荐给大家早餐的种类也很多离地铁站只有五分钟';
    expect(await pairs([chinese], [chinese.replace('五', '十'), '这家酒店'])).toEqual([
      [chinese, chinese.replace('五', '十')],
    ]);
    const [a, b, c] = [text(30).join(' '), text(30).join(' '), text(30).join(' ')];
    expect(await pairs([`${a}|${b}`], [`${a}|${c}`, `${a.toUpperCase()}|${b}!`])).toEqual([
      [`${a}|${b}`, `${a.toUpperCase()}|${b}!`],
    ]);
  });

  it('are counted once of a text that is there a thousand times, and compared by the band', async () => {
    const one = text(60);
    const alike = Array.from({ length: 3000 }, (_, i) => one.with(i % 60, `w${i}`).join(' '));
    const { near, warnings } = await find(alike.slice(0, 2000), alike.slice(2000));
    expect(near).toMatchObject({ of: 'texts', compared: 3000 });
    const count = (first: string, second: string) =>
      near!.between.find(({ sides }) => sides[0] === first && sides[1] === second)!.samples;
    expect(count('train', 'test')).toBeGreaterThan(950);
    expect(count('train', 'train')).toBeGreaterThan(1950);
    expect(warnings.map(({ code }) => code)).toEqual(['near-duplicates', 'near-duplicates']);
    // Before a training it is said between splits alone.
    const passing = await find(alike.slice(0, 20), alike.slice(20, 40), false);
    expect(passing.near!.between.map(({ sides }) => sides)).toEqual([['train', 'test']]);
    const many = Array.from({ length: 20_001 }, (_, i) => `text ${i}`);
    expect(await find(many, [], false)).toEqual({ warnings: [], unchecked: [] });
  });
});

describe('signatureOf', () => {
  it('agrees as often as pieces are shared', () => {
    for (const [words, other] of [
      [120, 0.5],
      [120, 0.1],
      [30, 0.2],
    ] as const) {
      const off = Array.from({ length: 60 }, () => {
        const one = text(words);
        const two = one.map((each) => (random.next() < other ? VOCABULARY[random.int(3000)]! : each));
        const [a, b] = [piecesOf(one.join(' '))!, piecesOf(two.join(' '))!];
        const [x, y] = [signatureOf(a), signatureOf(b)];
        return x.filter((value, i) => value === y[i]).length / SIGNATURE - sharedPieces(a, b);
      });
      // The mean of 60 estimates, each of a standard deviation of 0.045 or a little more where bins are empty.
      expect(Math.abs(off.reduce((sum, each) => sum + each, 0) / 60)).toBeLessThan(0.025);
      expect(Math.max(...off.map(Math.abs))).toBeLessThan(0.25);
    }
  });

  it('needs a text of some length', () => {
    expect(piecesOf(plainText('too short a text'))).toBeUndefined();
    expect(piecesOf('a'.repeat(100))).toBeUndefined(); // one piece, many times
    expect(piecesOf(plainText('long enough a text to be told'))!.size).toBe(25);
  });
});
