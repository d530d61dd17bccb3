import { describe, expect, it } from 'vitest';
import { splitTarget, type SplitOptions } from './splits.ts';
import type { Dataset, ReadSample, Sample, SplitName, TargetData } from './target-domain.ts';

/** `counts[i]` samples of class i, in turns. */
function data(counts: readonly number[], more: Partial<TargetData> = {}): TargetData {
  const labels = counts.map((_, i) => `class-${i}`);
  const samples: ReadSample[] = [];
  for (let k = 0; k < Math.max(...counts); k++) {
    counts.forEach((count, label) => {
      if (k < count) samples.push({ sample: { id: `${label}-${k}`, digest: `digest of ${label}-${k}`, label } });
    });
  }
  return { id: 'things', modality: 'thing', reader: 'test', labels, samples, skipped: [], ...more };
}

const options: SplitOptions = { shares: [70, 10, 20], seed: 1 };
const ids = (split: Dataset<Sample>) => Array.from({ length: split.length }, (_, i) => split.get(i).id);
const perClass = (split: Dataset<Sample>, label: number) =>
  ids(split).filter((id) => id.startsWith(`${label}-`)).length;

describe('splitTarget', () => {
  it('deals every class out by the shares', () => {
    // 100: 70, 10, 20. 30: 21, 3, 6. 7: test round(1.4) = 1, validation round(0.7) = 1, the rest trains.
    const { splits } = splitTarget(data([100, 30, 7]), options);
    const expected = { train: [70, 21, 5], validation: [10, 3, 1], test: [20, 6, 1] };
    for (const name of ['train', 'validation', 'test'] as SplitName[]) {
      expect(
        [0, 1, 2].map((label) => perClass(splits[name], label)),
        name,
      ).toEqual(expected[name]);
    }
    expect(new Set([...ids(splits.train), ...ids(splits.validation), ...ids(splits.test)]).size).toBe(137);
  });

  it('deals out more samples of a class than a call takes arguments', () => {
    const { splits } = splitTarget(data([200_000, 10]), options);
    expect([splits.train.length, splits.validation.length, splits.test.length]).toEqual([140_007, 20_001, 40_002]);
  });

  it.each([
    [[70, 10, 20], 2, [1, 0, 1]],
    [[70, 10, 20], 3, [2, 0, 1]], // test max(1, round(0.6)), validation round(0.3)
    [[1, 0, 99], 10, [1, 0, 9]], // one is left to train on
    [[1, 98, 1], 4, [1, 2, 1]],
    [[100, 0, 0], 1, [1, 0, 0]],
    [[0.7, 0.1, 0.2], 100, [70, 10, 20]],
  ] as const)('shares %j of %i samples give %j', (shares, count, [train, validation, test]) => {
    const { splits } = splitTarget(data([count, 2]), { shares, seed: 4 });
    expect([splits.train, splits.validation, splits.test].map((split) => perClass(split, 0))).toEqual([
      train,
      validation,
      test,
    ]);
  });

  it('draws the same split from the same seed, another from another', () => {
    const of = (seed: number) => splitTarget(data([40, 40]), { ...options, seed });
    expect(ids(of(1).splits.test)).toEqual(ids(of(1).splits.test));
    expect(of(1).fingerprint).toBe(of(1).fingerprint);
    expect(ids(of(1).splits.test)).not.toEqual(ids(of(2).splits.test));
    expect(of(1).fingerprint).not.toBe(of(2).fingerprint);
  });

  it('splits data sets of one roster alike, whichever of its members they have', () => {
    const whole = data([40, 30]);
    const roster = whole.samples.map(({ sample: { id, label } }) => ({ id, label: whole.labels[label!]! }));
    const some = { ...whole, roster, samples: whole.samples.filter((_, i) => i % 3 > 0).toReversed() };
    const [all, few] = [splitTarget(whole, options).splits, splitTarget(some, options).splits];
    const kept = new Set(some.samples.map(({ sample }) => sample.id));
    for (const name of ['train', 'validation', 'test'] as SplitName[]) {
      expect(ids(few[name]), name).toEqual(ids(all[name]).filter((id) => kept.has(id)));
    }
    const joined = { ...some, samples: [...some.samples, { sample: { id: '0-new', digest: 'new', label: 0 } }] };
    const { splits } = splitTarget(joined, options);
    expect(splits.train.length + splits.validation.length + splits.test.length).toBe(kept.size + 1);
  });

  it('splits two data sets with the same samples alike, whatever their contents and labels number', () => {
    const one = data([20, 30, 10]);
    const turned = {
      ...one,
      id: 'others',
      labels: [...one.labels].reverse(),
      samples: one.samples.map(({ sample }) => ({
        sample: { ...sample, digest: `other ${sample.id}`, label: 2 - sample.label! },
      })),
    };
    const [a, b] = [splitTarget(one, options), splitTarget(turned, options)];
    for (const name of ['train', 'validation', 'test'] as SplitName[])
      expect(ids(b.splits[name])).toEqual(ids(a.splits[name]));
    expect(b.fingerprint).not.toBe(a.fingerprint);
  });

  it('keeps the splits that the data set assigns; a sample without one trains', () => {
    const one = data([4]);
    const names = ['test', 'train', undefined, 'validation'] as const;
    const assigned = { ...one, samples: one.samples.map(({ sample }, i) => ({ sample, split: names[i] })) };
    const { splits } = splitTarget(assigned, { ...options, shares: [1, 0, 0] });
    expect([ids(splits.train), ids(splits.validation), ids(splits.test)]).toEqual([['0-1', '0-2'], ['0-3'], ['0-0']]);
  });

  it('keeps as many shots per class, of those that would train', () => {
    const whole = splitTarget(data([50, 50, 6]), options);
    const few = splitTarget(data([50, 50, 6]), { ...options, shots: 5 });
    expect([0, 1, 2].map((label) => perClass(few.splits.train, label))).toEqual([5, 5, 4]);
    expect(ids(whole.splits.train)).toEqual(expect.arrayContaining(ids(few.splits.train)));
    expect(ids(few.splits.test)).toEqual(ids(whole.splits.test));
    // Fewer shots of the same seed are among more of them.
    expect(ids(few.splits.train)).toEqual(
      expect.arrayContaining(ids(splitTarget(data([50, 50, 6]), { ...options, shots: 2 }).splits.train)),
    );
  });

  it('splits samples without labels as one group', () => {
    const one = data([10]);
    const unlabelled = {
      ...one,
      samples: one.samples.map(({ sample: { id, digest } }) => ({ sample: { id, digest } })),
    };
    expect(splitTarget(unlabelled, options).splits.train.length).toBe(7);
    expect(() => splitTarget(unlabelled, { ...options, shots: 2 })).toThrow(
      expect.objectContaining({ code: 'not-supported' }),
    );
  });

  it('names a class that has one sample', () => {
    expect(() => splitTarget(data([10, 1]), options)).toThrow(
      expect.objectContaining({
        code: 'target-too-small',
        message: expect.stringContaining('"class-1" has one sample') as string,
      }),
    );
  });

  it('says where the one sample has a word for no label, and where what was read as classes are none', () => {
    expect(() => splitTarget({ ...data([10, 1]), labels: ['a', 'NaN'] }, options)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('reads like a label that is missing') as string,
        hint: expect.stringContaining('--clean missing-labels') as string,
      }),
    );
    expect(() => splitTarget(data([2, 2, ...Array.from({ length: 12 }, () => 1)]), options)).toThrow(
      expect.objectContaining({
        code: 'target-too-small',
        message: expect.stringContaining('12 of 14 classes have one sample each') as string,
        hint: expect.stringContaining('label-column') as string,
      }),
    );
  });

  it.each([[[0, 50, 50]], [[-1, 1, 1]], [[Number.NaN, 1, 1]], [[Infinity, 1, 1]]] as const)(
    'refuses the shares %j',
    (shares) => {
      expect(() => splitTarget(data([10]), { shares, seed: 1 })).toThrow(
        expect.objectContaining({ code: 'invalid-option' }),
      );
    },
  );

  it.each([0, -1, 1.5])('refuses %d shots', (shots) => {
    expect(() => splitTarget(data([10]), { ...options, shots })).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    );
  });

  it('needs something to train on, and says which sample does not exist', () => {
    const one = data([2]);
    const tested = { ...one, samples: one.samples.map(({ sample }) => ({ sample, split: 'test' as const })) };
    expect(() => splitTarget(tested, options)).toThrow(expect.objectContaining({ code: 'target-too-small' }));
    expect(() => splitTarget(data([10]), options).splits.test.get(99)).toThrow(RangeError);
  });
});
