import { join } from 'node:path';
import { readdir } from 'node:fs/promises';
import type { Family } from '../family.ts';
import { mutateFiles } from '../mutate-files.ts';

const WORDS = 'the a cat dog sat on mat good bad very film'.split(' ');
const numbersOf = (i: number) => [0.1 * i, -1, 2e-3];

/** Files of word vectors. */
export const vectors: Family = {
  name: 'vectors',
  make(draw) {
    const lines = WORDS.map((word, i) => `${word} ${numbersOf(i).join(' ')}`).join('\n');
    const [name, content] = draw.of([
      ['glove.txt', lines],
      ['w2v.txt', `${WORDS.length} 3\n${lines}\n`],
      [
        'wink.json',
        JSON.stringify({ dimensions: 3, vectors: Object.fromEntries(WORDS.map((word, i) => [word, numbersOf(i)])) }),
      ],
    ]);
    return mutateFiles(draw, new Map([[name, content]]));
  },
  async read(folder, system) {
    const [name = ''] = await readdir(folder);
    await (await system.headstart).embed(`vectors:${join(folder, name)}`, ['a good cat']);
  },
};
