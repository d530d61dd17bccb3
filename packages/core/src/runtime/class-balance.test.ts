import { describe, expect, it } from 'vitest';
import { datasetOf } from '../domains/splits.ts';
import type { Sample, TargetDomain } from '../domains/target-domain.ts';
import type { Task } from '../tasks/task.ts';
import { pointTask } from '../testing/point-domain.ts';
import { settleBalance } from './class-balance.ts';

const task = pointTask as unknown as Task;
const several = { ...task, weighsClasses: 'several' } as Task;
const none = { ...task, weighsClasses: undefined, sampleLosses: undefined } as Task;

function target(truths: readonly Partial<Sample>[], labels = ['often', 'rare']): TargetDomain {
  const train = datasetOf(truths.map((truth, i): Sample => ({ id: `s${i}`, digest: `${i}`, ...truth })));
  const empty = datasetOf<Sample>([]);
  return {
    id: 'data',
    modality: 'point',
    labels,
    splits: { train, validation: empty, test: empty },
    fingerprint: '',
    skipped: [],
  };
}
const many = (count: number, truth: Partial<Sample>) => Array.from({ length: count }, () => truth);
const imbalanced = target([...many(100, { label: 0 }), ...many(10, { label: 1 })]);
const refusal = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    const { code, message, hint } = error as { code: string; message: string; hint: string };
    return [code, `${message} ${hint}`];
  }
  return undefined;
};
const expectRefusal = (work: () => unknown, code: string, words: string) =>
  expect(refusal(work)).toEqual([code, expect.stringContaining(words)]);

describe('class weights', () => {
  it('are n / (k · count) where they are to be balanced, as scikit-learn documents', () => {
    const { lossWeights, task: watching, choices } = settleBalance(task, imbalanced, { classWeights: 'balanced' });
    expect(lossWeights).toEqual({ present: [110 / (2 * 100), 110 / (2 * 10)], absent: [1, 1] });
    expect(watching.monitor).toEqual({ metric: 'balancedAccuracy', mode: 'max' });
    expect(choices).toEqual([
      {
        what: 'class weights',
        value: 'often 0.55, rare 5.5',
        why: 'n / (k · count), asked for; in the loss, not in metrics',
      },
    ]);
  });

  it('leave classes out that no training sample has, as scikit-learn does', () => {
    const data = target([...many(6, { label: 0 }), ...many(2, { label: 2 })], ['often', 'absent', 'rare']);
    // n = 8 samples of k = 2 classes: each class that there is counts 4 in all.
    expect(settleBalance(task, data, { classWeights: 'balanced' }).lossWeights!.present).toEqual([
      8 / (2 * 6),
      1,
      8 / (2 * 2),
    ]);
  });

  it('are those of two classes for each label of several', () => {
    const data = target([...many(6, { labels: [0] }), ...many(2, { labels: [0, 1] })]);
    // Label 0 is on all of 8, so that there is no sample without it; label 1 on 2.
    expect(settleBalance(several, data, { classWeights: 'balanced' }).lossWeights).toEqual({
      present: [8 / (1 * 8), 8 / (2 * 2)],
      absent: [1, 8 / (2 * 6)],
    });
    expect(settleBalance(several, data, { classWeights: { rare: 3 } }).lossWeights).toEqual({
      present: [1, 3],
      absent: [1, 1],
    });
  });

  it('that are given count in comparison; 1 where a class is not named', () => {
    // 100 · 1 + 10 · 12 = 220, for 110 samples: a mean of 2.
    expect(settleBalance(task, imbalanced, { classWeights: { rare: 12 } }).lossWeights!.present).toEqual([0.5, 6]);
    expect(
      settleBalance(task, imbalanced, { classWeights: { often: 1e9, rare: 1.2e10 } }).lossWeights!.present,
    ).toEqual([0.5, 6]);
  });

  it('are refused for unknown classes, where nothing counts, and of tasks that cannot weigh', () => {
    const weights = (classWeights: Record<string, number>) => () => settleBalance(task, imbalanced, { classWeights });
    expectRefusal(weights({ rar: 2 }), 'unknown-name', 'Did you mean "rare"?');
    expectRefusal(weights({ often: 0, rare: 0 }), 'invalid-option', '{"often":0,"rare":0}');
    expectRefusal(
      () => settleBalance(none, imbalanced, { classWeights: 'balanced' }),
      'not-supported',
      'cannot weigh classes',
    );
    expectRefusal(
      () => settleBalance(task, imbalanced, { classWeights: 'balanced', sampling: 'balanced' }),
      'invalid-option',
      'not both',
    );
  });
});

it('sampling needs classes, and batches that are free', () => {
  expect(settleBalance(none, imbalanced, { sampling: 'balanced' }).choices).toMatchObject([
    { what: 'sampling', value: 'balanced' },
  ]);
  const paired = { ...task, pairedBatches: true };
  expectRefusal(() => settleBalance(paired, imbalanced, { sampling: 'balanced' }), 'not-supported', 'pairs');
  expectRefusal(
    () => settleBalance(task, target(many(3, { score: 1 }), []), { sampling: 'balanced' }),
    'not-supported',
    'no classes',
  );
});

it('weights of samples need a loss that is a mean over samples, and one above 0', () => {
  const weighed = (weight: number) => target(many(4, { label: 0, weight }));
  expect(settleBalance(task, weighed(2), {}).task).toBe(task);
  expectRefusal(() => settleBalance(none, weighed(2), {}), 'not-supported', 'weight-column');
  expectRefusal(() => settleBalance(task, weighed(0), {}), 'label-invalid', 'Every one of the 4 training samples');
});
