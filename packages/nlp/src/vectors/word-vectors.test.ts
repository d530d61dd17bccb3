import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseNumbers } from './parse-numbers.ts';
import { pooledVectors, sifWeights } from './pooled-vectors.ts';
import { splitWords, wordRows } from './split-words.ts';
import { readWordVectors } from './word-vectors.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'headstart-vectors-'))));
afterAll(() => rm(folder, { recursive: true }));

async function file(content: string): Promise<string> {
  const path = join(folder, `${Math.random()}.txt`);
  await writeFile(path, content);
  return path;
}

describe('parseNumbers', () => {
  it('reads what Number reads', () => {
    const texts = [
      '0',
      '-0.5',
      '1.',
      '.25',
      '123456.789',
      '-0.038194',
      '1e-3',
      '-2.5E+2',
      '0.12345678901234567890',
      '900719925474099.1',
    ];
    const into = new Float32Array(texts.length);
    expect(parseNumbers(Buffer.from(texts.join(' ')), 32, into, 0)).toBe(texts.length);
    expect([...into]).toEqual(texts.map((text) => Math.fround(Number(text))));
  });

  it.each(['1 x', '1  2', '1.2.3', '-', '1e', '--1', 'NaN'])('refuses %j', (text) => {
    expect(parseNumbers(Buffer.from(text), 32, new Float32Array(3), 0)).toBe(-1);
  });
});

describe('readWordVectors', () => {
  it.each([
    ['text', 'the 1 2\nof -0.5 4e-1\n'],
    ['text without a last line end, with returns', 'the 1 2\r\nof -0.5 0.4'],
    ["word2vec's text", '2 2\nthe 1 2 \nof -0.5 0.4 \n'],
    [
      'JSON',
      '{"dimensions":2,"words":["the","of"],"vectors":{"the":[1,2,2.236,0],"of":[-0.5,0.4,0.64,1]},"unkVector":[0,0,0,-1]}',
    ],
  ])('reads %s', async (_, content) => {
    const { words, rows, width, values } = await readWordVectors(await file(content));
    expect(words).toEqual(['the', 'of']);
    expect(width).toBe(2);
    expect([...values]).toEqual([1, 2, -0.5, Math.fround(0.4)]);
    expect(rows.get('of')).toBe(1);
  });

  it('reads words that look like the format, and only as many as are asked for', async () => {
    const words = ['"', ']', '":', '}', '\\', 'é'];
    const json = `{"dimensions":1,"vectors":{${words.map((word, i) => `${JSON.stringify(word)}:[${i}]`).join(',')}},"x":[1]}`;
    expect((await readWordVectors(await file(json))).words).toEqual(words);
    expect((await readWordVectors(await file(json), 2)).words).toEqual(words.slice(0, 2));
  });

  it('reads files larger than what is read at once', async () => {
    const count = 150_000;
    const path = await file(
      Array.from({ length: count }, (_, i) => `word${i} ${i} ${-i} 0.123456789012345 0.5\n`).join(''),
    );
    const { words, values } = await readWordVectors(path);
    expect(words.length).toBe(count);
    expect((await readWordVectors(path, 10)).words).toEqual(words.slice(0, 10));
    expect(words.every((word, i) => word === `word${i}` && values[4 * i] === i && values[4 * i + 1] === -i)).toBe(true);
  });

  it.each([
    ['', 'it contains no words'],
    ['the 1 2\nof 1\n', 'word 2, "of", has 1 numbers where 2 are needed'],
    ['the 1 2\nof 1 two\n', 'the vector of word 2, "of", is not all numbers'],
    ['{"vectors":{"the":[1]}}', 'it does not say how many dimensions'],
    ['{"dimensions":2,"vectors":{"the":[1]}}', 'word 1, "the", has 1 numbers where 2 are needed'],
    ['{"dimensions":1}', 'it contains no words'],
  ])('says what is wrong with %j', async (content, why) => {
    await expect(readWordVectors(await file(content))).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringContaining(why) as string,
    });
  });
});

describe('splitWords', () => {
  it('cuts contractions, numbers and signs as the corpora of GloVe were cut', () => {
    expect(splitWords("Don't say it's 3,000.50 – they’re GREAT!! I can't (x) D'Arcy")).toEqual([
      'do',
      "n't",
      'say',
      'it',
      "'s",
      '3,000.50',
      '–',
      'they',
      "'re",
      'great',
      '!',
      '!',
      'i',
      'ca',
      "n't",
      '(',
      'x',
      ')',
      'd',
      "'",
      'arcy',
    ]);
  });

  it('looks for the parts of a compound that is not known', () => {
    const rows = new Map([
      ['state', 0],
      ['of', 1],
      ['well-known', 2],
      ['art', 3],
    ]);
    expect(wordRows('State-of-the-art, well-known', rows)).toEqual([0, 1, 3, 2]);
  });
});

describe('pooledVectors', () => {
  const vectors = {
    words: ['a', 'b'],
    rows: new Map([
      ['a', 0],
      ['b', 1],
    ]),
    width: 2,
    values: Float32Array.of(1, 2, 3, 6),
  };

  it('averages', async () => {
    expect([...(await pooledVectors(vectors, 'mean', 'digest').embed(['a b b unknown', 'unknown', '']))]).toEqual([
      expect.closeTo(7 / 3, 5),
      expect.closeTo(14 / 3, 5),
      0,
      0,
      0,
      0,
    ]);
  });

  it('weights by a / (a + p), p by rank', async () => {
    // H = 1 + 1/2, so p is 2/3 and 1/3.
    const [first, second] = [1e-3 / (1e-3 + 2 / 3), 1e-3 / (1e-3 + 1 / 3)];
    expect([...sifWeights(2)]).toEqual([expect.closeTo(first, 12), expect.closeTo(second, 12)]);
    const [x, y] = await pooledVectors(vectors, 'sif', 'digest').embed(['a b']);
    expect(x).toBeCloseTo((first + 3 * second) / 2, 8);
    expect(y).toBeCloseTo((2 * first + 6 * second) / 2, 8);
  });
});
