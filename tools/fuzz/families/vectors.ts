import { join } from 'node:path';
import { readdir } from 'node:fs/promises';
import type { Family, Files } from '../family.ts';
import { mutateFiles } from '../mutate-files.ts';

const WORDS = 'the a cat dog sat on mat good bad very film'.split(' ');
const numbersOf = (i: number) => [0.1 * i, -1, 2e-3];

const lines = WORDS.map((word, i) => `${word} ${numbersOf(i).join(' ')}`).join('\n');
const wink = { dimensions: 3, vectors: Object.fromEntries(WORDS.map((word, i) => [word, numbersOf(i)])) };
const SEEDS: readonly Files[] = [
  new Map([['glove.txt', lines]]),
  new Map([['w2v.txt', `${WORDS.length} 3\n${lines}\n`]]),
  new Map([['wink.json', JSON.stringify(wink)]]),
];

/** Files of word vectors. */
export const vectors: Family = {
  name: 'vectors',
  valid: () => SEEDS,
  make: (draw) => mutateFiles(draw, draw.of(SEEDS)),
  async read(folder, system) {
    const [name = ''] = await readdir(folder);
    await (await system.headstart).embed(`vectors:${join(folder, name)}`, ['a good cat']);
  },
};
