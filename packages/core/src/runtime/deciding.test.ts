import { tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { multiLabelLearning } from '../tasks/multi-label-learning.ts';
import { oneClassLearning } from '../tasks/one-class-learning.ts';
import type { DecisionRule } from '../tasks/decision-rule.ts';
import type { Task } from '../tasks/task.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { decidingBy } from './deciding.ts';

const labels = ['cat', 'dog'];
const task = (learning: (rule?: DecisionRule) => object) =>
  ({ id: 'small', ...learning(), deciding: (rule: DecisionRule) => learning(rule) }) as unknown as Task;
const several = task(multiLabelLearning);
const one = task(oneClassLearning);

beforeAll(() => plainBackend());

/** Probabilities of the second label: 0.269 and 0.731, of the first one half. */
const logits = () => tensor2d([0, -1, 0, 1], [2, 2]);

describe('a rule of answers', () => {
  it('gives labels from their thresholds: those that are stored, others where they are asked for', async () => {
    const stored = { thresholds: { cat: 0.6, dog: 0.2 } };
    const given = async (each: Task) =>
      ((await each.decode({ logits: logits() }, labels)) as { labels: { label: string }[] }[]).map((prediction) =>
        prediction.labels.map(({ label }) => label),
      );
    expect(await given(decidingBy(several, labels))).toEqual([['cat'], ['dog', 'cat']]);
    expect(await given(decidingBy(several, labels, stored))).toEqual([['dog'], ['dog']]);
    expect(await given(decidingBy(several, labels, stored, { thresholds: { dog: 0.5 } }))).toEqual([[], ['dog']]);
  });

  it('has no answer of what is not sure enough, and says how many are answered and how well', async () => {
    const careful = decidingBy(one, labels, {}, { abstainBelow: 0.6 });
    const sure = tensor2d([0, 0.1, 0, 1, 2, 0], [3, 2]);
    const predictions = (await careful.decode({ logits: sure }, labels)) as { abstained?: true }[];
    expect(predictions.map(({ abstained = false }) => abstained)).toEqual([true, false, false]);
    expect(careful.describe(predictions[0])).toBe('no answer (dog 52.5%, cat 47.5%)');
    const evaluator = careful.evaluator(labels);
    await evaluator.add({ logits: sure }, { label: tensor2d([0, 1, 0, 1, 0, 1], [3, 2]) });
    expect(evaluator.report().values).toMatchObject({ accuracy: 2 / 3, coverage: 2 / 3, answeredAccuracy: 0.5 });
  });

  it.each([
    [several, { thresholds: { dog: 2 } }, /threshold of "dog" cannot be 2/],
    [several, { thresholds: { dgo: 0.5 } }, /threshold for "dgo", which is no label/],
    [several, { abstainBelow: 0.5 }, /takes no probability to abstain below/],
    [one, { thresholds: { dog: 0.5 } }, /takes no thresholds of labels/],
    [one, { abstainBelow: 1.5 }, /cannot be 1.5/],
    [one, { abstainBelow: NaN }, /cannot be NaN/],
    [{ id: 'other' } as Task, { abstainBelow: 0.5 }, /"other" takes neither/],
  ])('is refused where it means nothing: %#', (each, asked, message) => {
    expect(() => decidingBy(each, labels, {}, asked)).toThrow(message);
  });
});
