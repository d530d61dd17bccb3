import '@tensorflow/tfjs'; // the plain-JavaScript backend
import { silentProgress } from '@headstart/artifacts';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { datasetOf } from '../../domains/splits.ts';
import type { Sample } from '../../domains/target-domain.ts';
import { RandomStream } from '../../random/random-stream.ts';
import type { View } from '../looked-at.ts';
import { findNear } from './find-near.ts';

beforeAll(() => setBackend('cpu'));

/** A text is its own id, and has its angle in degrees at its end. */
const view: View = ({ id }) => ({ texts: [id] });
const sample = (id: string): Sample => ({ id, digest: id });
const asked: string[] = [];
const embed = (inputs: readonly unknown[]) => {
  asked.push(...(inputs as string[]));
  const angles = inputs.map((input) => (Number(/-?\d+$/.exec(input as string)![0]) * Math.PI) / 180);
  return Promise.resolve({
    shape: [inputs.length, 2],
    data: Float32Array.from(angles.flatMap((angle) => [3 * Math.cos(angle), 3 * Math.sin(angle)])),
  });
};

const find = (train: readonly string[], test: readonly string[], against: readonly string[] = [], least?: number) =>
  findNear(
    { train: datasetOf(train.map(sample)), validation: datasetOf<Sample>([]), test: datasetOf(test.map(sample)) },
    {
      view,
      progress: silentProgress,
      thorough: true,
      against: { id: 'others', samples: against.map(sample) },
      embedded: { source: 'compass', embed, ...(least !== undefined && { least }) },
    },
  );

it('finds what points the same way and reads otherwise, each with the likest of a side', async () => {
  // The cosine of 10 degrees is 0.985, of 17 0.956, of 19 0.946.
  const { near, warnings } = await find(
    ['north 0', 'nearly 10', 'east 90'],
    ['south -17', 'east, too 92'],
    ['far 270', 'n 19'],
  );
  expect(near!.between).toEqual([]);
  const { between, ...how } = near!.embeddings!;
  expect(how).toEqual({ source: 'compass', least: 0.95 });
  expect(
    between.map(({ sides, pairs }) => [
      sides.join(),
      ...pairs.map(({ first, second }) => `${first.id} = ${second.id}`),
    ]),
  ).toEqual([
    ['train,train', 'north 0 = nearly 10'],
    ['train,test', 'east 90 = east, too 92', 'north 0 = south -17'],
    ['train,against', 'nearly 10 = n 19'],
  ]);
  expect(between[1]!.pairs[1]!.likeness).toBeCloseTo(Math.cos((17 * Math.PI) / 180), 5);
  expect(warnings.map(({ code }) => code)).toEqual(['near-embeddings', 'near-embeddings', 'near-embeddings']);
  expect(warnings[0]!.message).toBe(
    '2 samples of the test split are hardly to be told from one of train to compass (cosine of embeddings 0.95 or above), such as east, too 92 and east 90: where they show the same, the numbers measured there come out too good.',
  );
});

it('leaves to contents what they tell, and asks the source of no blank text', async () => {
  asked.length = 0;
  const { near } = await find(['A word, 5', ' '], ['a WORD 5', 'other 6'], ['A word, 5']);
  const told = (between: readonly { sides: readonly string[]; samples: number }[]) =>
    between.map(({ sides, samples }) => [...sides, samples]);
  expect(told(near!.between)).toEqual([
    ['train', 'test', 1],
    ['train', 'against', 1],
    ['test', 'against', 1],
  ]);
  // Of the words' sides only the other text is new to each.
  expect(told(near!.embeddings!.between)).toEqual([
    ['train', 'test', 1],
    ['test', 'test', 1],
  ]);
  expect(asked).not.toContain(' ');
});

it('takes the cosine that is asked for, and else a higher one where all embeddings lie close together', async () => {
  const pairsOf = async (...given: Parameters<typeof find>) => {
    const { least, between } = (await find(...given)).near!.embeddings!;
    return { least, pairs: between.flatMap(({ pairs }) => pairs) };
  };
  expect((await pairsOf(['a 0', 'b 30'], [])).pairs).toEqual([]);
  expect(await pairsOf(['a 0', 'b 30'], [], [], 0.86)).toMatchObject({ least: 0.86, pairs: [{}] });
  const random = new RandomStream('narrow');
  const narrow = Array.from({ length: 40 }, (_, i) => `text ${i} at ${random.int(21)}`);
  const { least, pairs } = await pairsOf(narrow, []);
  // Two of them are 6 degrees apart in the middle (cosine 0.9945), so that a tenth of that distance is 0.0005.
  expect(least).toBeGreaterThan(0.998);
  for (const { likeness } of pairs) expect(likeness).toBeGreaterThanOrEqual(least);
});

it('compares few enough alone, and says so', async () => {
  const many = Array.from({ length: 20_001 }, (_, i) => `${i}`);
  const { near, unchecked } = await find(many, []);
  expect(near!.embeddings).toBeUndefined();
  expect(unchecked).toEqual([
    { code: 'near-embeddings', why: 'Embeddings of 20,000 samples at most are compared; these are 20,001.' },
  ]);
});
