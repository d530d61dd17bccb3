import { describe, expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { splitTarget } from './splits.ts';
import { stratify } from './stratify.ts';
import type { Dataset, ReadSample, Sample, TargetData } from './target-domain.ts';

const count = (splits: ArrayLike<number>, members: readonly number[]) =>
  [0, 1, 2].map((split) => members.filter((sample) => splits[sample] === split).length);

describe('stratify', () => {
  it('deals the rarest label out first, and fills up with samples that have none', () => {
    // Halves, of a two samples and of b three, one of them both's: a gives one to either half. Where training got the
    // one that is also b's, the other two b go to the test, which wants two, and both samples without labels to
    // training; else each half gets one b and one without.
    const samples = [[0], [0, 1], [1], [1], [], []];
    for (let seed = 0; seed < 20; seed++) {
      const splits = stratify(samples, ['a', 'b'], [0.5, 0, 0.5], new RandomStream(seed));
      expect(count(splits, [0, 1])).toEqual([1, 0, 1]);
      expect(count(splits, [1, 2, 3])).toEqual([1, 0, 2]);
      expect(count(splits, [4, 5])).toEqual(splits[1] === 0 ? [2, 0, 0] : [1, 0, 1]);
    }
  });

  it('gives each split its share of each label, rare ones too, where chance does not', () => {
    // Twelve labels, from 300 of 600 samples down to 3, independent of one another.
    const random = new RandomStream('long tail');
    const sizes = [300, 200, 150, 100, 70, 50, 30, 20, 10, 6, 4, 3];
    const samples = Array.from({ length: 600 }, (): number[] => []);
    sizes.forEach((size, label) =>
      Array.from(random.permutation(600).subarray(0, size), (sample) => samples[sample]!.push(label)),
    );
    const members = sizes.map((_, label) => [...samples.keys()].filter((sample) => samples[sample]!.includes(label)));
    const names = sizes.map((_, label) => `label-${label}`);
    const shares = [0.7, 0.1, 0.2] as const;
    for (const seed of [1, 2, 3]) {
      const splits = stratify(samples, names, shares, new RandomStream(seed));
      for (const [label, own] of members.entries()) {
        const [train, , test] = count(splits, own) as [number, number, number];
        expect(train, names[label]).toBeGreaterThan(0);
        expect(test, names[label]).toBeGreaterThan(0);
        expect(Math.abs(test / own.length - 0.2), names[label]).toBeLessThanOrEqual(Math.max(0.02, 1.5 / own.length));
      }
      expect(Math.abs(count(splits, [...samples.keys()])[0]! - 420)).toBeLessThanOrEqual(12);
    }
    const byChance = Array.from({ length: 30 }, (_, seed) => {
      const order = new RandomStream(seed).permutation(600);
      return members.filter((own) => !own.some((sample) => order[sample]! >= 480)).length;
    });
    expect(byChance.reduce((a, b) => a + b, 0)).toBeGreaterThan(15); // labels that no sample of the test has, of 30 times 12
  });

  it('trains on a label that has one sample', () => {
    for (let seed = 0; seed < 10; seed++)
      expect(stratify([[0], [1], [1], [1]], ['once', 'often'], [0.5, 0, 0.5], new RandomStream(seed))[0]).toBe(0);
  });
});

describe('splitTarget of samples with several labels', () => {
  const data = (samples: readonly Omit<Sample, 'digest'>[], labels = ['a', 'b']): TargetData => ({
    id: 'set',
    modality: 'thing',
    reader: 'r',
    labels,
    skipped: [],
    samples: samples.map((sample): ReadSample => ({ sample: { ...sample, digest: sample.id } })),
  });
  const ids = (split: Dataset<Sample>) => Array.from({ length: split.length }, (_, i) => split.get(i).id);
  const several = Array.from({ length: 40 }, (_, i) => ({ id: String(i), labels: i < 3 ? [0, 1] : i < 20 ? [1] : [] }));

  it('shares out labels and objects alike, whatever their numbers, and keeps the order', () => {
    const { splits } = splitTarget(data(several), { shares: [70, 10, 20], seed: 1 });
    expect(ids(splits.test).filter((id) => Number(id) < 3)).toHaveLength(1);
    expect(ids(splits.train)).toEqual(ids(splits.train).toSorted((a, b) => Number(a) - Number(b)));
    const objects = several.map(({ id, labels }) => ({
      id,
      objects: [...labels, ...labels].map((label) => ({ label: 1 - label })),
    }));
    const turned = splitTarget(data(objects, ['b', 'a']), { shares: [70, 10, 20], seed: 1 });
    for (const name of ['train', 'validation', 'test'] as const)
      expect(ids(turned.splits[name])).toEqual(ids(splits[name]));
    const other = splitTarget(data(several), { shares: [70, 10, 20], seed: 2 });
    expect(ids(other.splits.test)).not.toEqual(ids(splits.test));
  });

  it('leaves splits without a share empty', () => {
    const { splits } = splitTarget(data(several), { shares: [1, 0, 0], seed: 1 });
    expect([splits.train.length, splits.validation.length, splits.test.length]).toEqual([40, 0, 0]);
  });
});
