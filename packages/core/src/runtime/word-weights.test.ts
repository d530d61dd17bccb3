import { tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import type { Encoder } from '../data/encoder.ts';
import type { Sample } from '../domains/target-domain.ts';
import { oneClass } from '../tasks/sample-targets.ts';
import { oneClassLearning } from '../tasks/one-class-learning.ts';
import type { Task } from '../tasks/task.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { wordWeights } from './word-weights.ts';

const labels = [...'abcdefgh'];
interface Words extends Sample {
  readonly words: readonly string[];
}
const targets = oneClass(labels.length);
/** Counts the words that are a label's name. */
const encoder: Encoder<Words> = {
  key: 'words',
  inputs: { counts: { shape: [labels.length], dtype: 'float32' } },
  targets: targets.specs,
  encode: async ({ words }) => ({
    counts: Float32Array.from(labels, (label) => words.filter((word) => word === label).length),
  }),
  target: (sample) => targets.of(sample),
};
const task = {
  ...oneClassLearning(),
  parseInput: async (text: string) => ({ id: text, digest: text, words: text.split(/\s+/) }),
} as unknown as Task;
/** The logit of a label is three times its count. */
const forward = {
  run: async ({ counts }: Record<string, Tensor>) => {
    const values = (await counts!.array()) as number[][];
    counts!.dispose();
    return { logits: tensor2d(values.map((row) => row.map((count) => 3 * count))) };
  },
};

beforeAll(async () => void (await plainBackend()));

it('is known of a label that is not among the likeliest five', async () => {
  const text = 'a a b b c c d d e e h';
  const sample = { id: 'x', digest: 'x', label: 0 };
  const weights = await wordWeights({ task, labels, encoder, forward }, { sample, text, label: 'h' });
  const probability = (logits: readonly number[], at: number) =>
    Math.exp(logits[at]!) / logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  // Five labels are at 6, h at 3, f and g at 0; without its word h is at 0, without an "a" that label is at 3.
  const whole = probability([6, 6, 6, 6, 6, 0, 0, 3], 7);
  expect(weights!.at(-1)!.weight).toBeCloseTo(whole - probability([6, 6, 6, 6, 6, 0, 0, 0], 7), 6);
  expect(weights![0]!.weight).toBeCloseTo(whole - probability([3, 6, 6, 6, 6, 0, 0, 3], 7), 6);
  expect(weights![0]!.weight).toBeLessThan(0);
});
