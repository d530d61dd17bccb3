import { describe, expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { dealFolds } from './folds.ts';
import { dealGroups } from './deal-groups.ts';
import { groupingOf, unitsOf } from './groups.ts';
import { splitTarget, type SplitOptions } from './splits.ts';
import type { Dataset, Sample, SplitName, TargetData } from './target-domain.ts';

const SPLITS: readonly SplitName[] = ['train', 'validation', 'test'];
const options: SplitOptions = { shares: [70, 10, 20], seed: 0 };
const all = (split: Dataset<Sample>) => Array.from({ length: split.length }, (_, i) => split.get(i));

function data(
  samples: readonly Partial<Sample>[],
  labels = ['a', 'b', 'c'],
  more: Partial<TargetData> = {},
): TargetData {
  const whole = samples.map((sample, i) => ({ sample: { id: `s${i}`, digest: `digest ${i}`, ...sample } }));
  return { id: 'set', modality: 'thing', reader: 'r', labels, samples: whole, skipped: [], ...more };
}

/** 90 patients of 1 to 12 samples; a fifth of them with samples of all three classes, the others of one. */
function patients(seed: number): Partial<Sample>[] {
  const random = new RandomStream(seed);
  return Array.from({ length: 90 }, (_, patient) => {
    const mixed = patient % 5 === 0;
    const own = [0, 0, 0, 1, 1, 2][random.int(6)]!;
    return Array.from({ length: 1 + random.int(12) }, () => ({
      group: `patient ${patient}`,
      label: mixed ? random.int(3) : own,
    }));
  }).flat();
}

/** By split, the groups, and of each class the share of its samples. */
function sharesOf(domain: { readonly splits: Readonly<Record<SplitName, Dataset<Sample>>> }, labels: number) {
  const counts = SPLITS.map((name) => {
    const own = new Array<number>(labels).fill(0);
    for (const { label } of all(domain.splits[name])) own[label!]! += 1;
    return own;
  });
  const totals = counts[0]!.map((_, label) => counts.reduce((sum, own) => sum + own[label]!, 0));
  return counts.map((own) => own.map((count, label) => count / totals[label]!));
}

describe('splits of samples in groups', () => {
  it('take no group apart, and share each class out to within its largest group', () => {
    for (let seed = 0; seed < 20; seed++) {
      const samples = patients(seed);
      const domain = splitTarget(data(samples), { ...options, seed });
      const where = new Map<string, Set<SplitName>>();
      for (const name of SPLITS)
        for (const { group } of all(domain.splits[name])) where.set(group!, (where.get(group!) ?? new Set()).add(name));
      expect([...where.values()].every(({ size }) => size === 1)).toBe(true);
      expect(domain.grouping).toMatchObject({ groups: 90, alone: 0, apart: [], wanted: [0.7, 0.1, 0.2] });
      const shares = sharesOf(domain, 3);
      for (const label of [0, 1, 2]) {
        const own = samples.filter((sample) => sample.label === label);
        const largest = Math.max(
          ...[...where.keys()].map((group) => own.filter((sample) => sample.group === group).length / own.length),
        );
        for (const [part, wanted] of [0.7, 0.1, 0.2].entries())
          expect(Math.abs(shares[part]![label]! - wanted), `class ${label}, ${SPLITS[part]}`).toBeLessThanOrEqual(
            largest,
          );
      }
    }
  });

  it('are drawn by the seed, whatever the classes are numbered', () => {
    const samples = patients(3);
    const ids = (more: Partial<SplitOptions>, labels = ['a', 'b', 'c'], turn = (label: number) => label) =>
      all(
        splitTarget(
          data(
            samples.map((sample) => ({ ...sample, label: turn(sample.label!) })),
            labels,
          ),
          { ...options, ...more },
        ).splits.test,
      ).map(({ id }) => id);
    expect(ids({})).toEqual(ids({}));
    expect(ids({ seed: 1 })).not.toEqual(ids({}));
    expect(ids({}, ['c', 'b', 'a'], (label) => 2 - label)).toEqual(ids({}));
  });

  it('tell groups by names in place of the samples own, and keep what is in none where it falls', () => {
    const samples = Array.from({ length: 60 }, (_, i) => ({
      id: i < 40 ? `v${i % 8}/${i}.png` : `loose${i}.png`,
      label: i % 2,
      group: 'one',
    }));
    const { splits, grouping } = splitTarget(data(samples, ['a', 'b']), { ...options, groupBy: '^(v\\d)/' });
    expect(grouping).toMatchObject({ groups: 8, alone: 20, largest: { samples: 5 } });
    const sides = new Map<string, Set<SplitName>>();
    for (const name of SPLITS)
      for (const { id } of all(splits[name]))
        sides.set(id.slice(0, 2), (sides.get(id.slice(0, 2)) ?? new Set()).add(name));
    for (let v = 0; v < 8; v++) expect(sides.get(`v${v}`)!.size).toBe(1);
    expect(sides.get('lo')!.size).toBe(3);
  });

  it('keep a content on one side that two groups have', () => {
    // Twenty pairs of groups, each pair joined by one content.
    const samples = Array.from({ length: 160 }, (_, i) => {
      const group = Math.floor(i / 4);
      return { group: `g${group}`, label: i % 2, digest: i % 4 === 0 ? `shared ${Math.floor(group / 2)}` : `own ${i}` };
    });
    const { splits } = splitTarget(data(samples, ['a', 'b']), options);
    const sides = new Map<string, Set<SplitName>>();
    for (const name of SPLITS)
      for (const { group } of all(splits[name])) {
        const pair = String(Math.floor(Number(group!.slice(1)) / 2));
        sides.set(pair, (sides.get(pair) ?? new Set()).add(name));
      }
    expect([...sides.values()].map(({ size }) => size)).toEqual(new Array(20).fill(1));
  });

  it('train on every class, and test something, wherever groups allow it', () => {
    for (let seed = 0; seed < 30; seed++) {
      // A class in one group, one in two, one in many.
      const groups = ['rare', ...['two 1', 'two 2'], ...Array.from({ length: 9 }, (_, i) => `many ${i}`)];
      const samples = groups.flatMap((group) =>
        [1, 2, 3].map(() => ({ group, label: ['m', 't', 'r'].indexOf(group[0]!) })),
      );
      const { splits } = splitTarget(data(samples), { ...options, seed });
      const trained = new Set(all(splits.train).map(({ label }) => label));
      expect(trained.size, `seed ${seed}`).toBe(3);
      expect(new Set(all(splits.test).map(({ label }) => label)), `seed ${seed}`).toEqual(new Set([0, 1]));
    }
  });

  it('say why they cannot be drawn', () => {
    const one = Array.from({ length: 10 }, (_, i) => ({ group: 'only', label: i % 2 }));
    const message = (text: string) =>
      expect.objectContaining({ code: 'target-too-small', message: expect.stringContaining(text) as string }) as Error;
    expect(() => splitTarget(data(one, ['a', 'b']), options)).toThrow(message('all samples are of one group, "only"'));
    expect(splitTarget(data(one, ['a', 'b']), { ...options, shares: [100, 0, 0] }).splits.train.length).toBe(10);
    const byClass = Array.from({ length: 12 }, (_, i) => ({ group: `g${i % 3}`, label: i % 3 }));
    expect(() => splitTarget(data(byClass), options)).toThrow(message('none of 3 groups can be tested'));
  });

  it('keep the splits of the data, and name the groups that these take apart', () => {
    const whole = data(Array.from({ length: 8 }, (_, i) => ({ group: `g${i % 4}`, label: 0 })));
    const samples = whole.samples.map((read, i) => ({ ...read, split: SPLITS[i < 5 ? 0 : 2]! }));
    const { splits, grouping } = splitTarget({ ...whole, samples }, options);
    expect([splits.train.length, splits.test.length]).toEqual([5, 3]);
    // s0 to s4 train: g0, g1, g2, g3, g0; s5 to s7 are tested: g1, g2, g3.
    expect(grouping!.apart).toEqual(['g1', 'g2', 'g3'].map((group) => ({ group, splits: ['train', 'test'] })));
    expect(grouping).not.toHaveProperty('wanted');
  });

  it('share out several labels and objects', () => {
    const random = new RandomStream('several');
    const samples = Array.from({ length: 400 }, (_, i) => {
      const labels = [0, 1, 2].filter((label) => random.next() < [0.6, 0.3, 0.08][label]!);
      return i % 2
        ? { group: `g${i % 67}`, labels }
        : { group: `g${i % 67}`, objects: labels.map((label) => ({ label })) };
    });
    const { splits, grouping } = splitTarget(data(samples), options);
    expect(grouping!.groups).toBe(67);
    const has = ({ labels, objects }: Sample, label: number) =>
      (labels ?? objects!.map((o) => o.label)).includes(label);
    for (const label of [0, 1, 2]) {
      const count = (name: SplitName) => all(splits[name]).filter((sample) => has(sample, label)).length;
      const total = SPLITS.reduce((sum, name) => sum + count(name), 0);
      // No nearer than whole groups come: two of the largest.
      const sizes = new Map<string, number>();
      for (const name of SPLITS)
        for (const sample of all(splits[name]))
          if (has(sample, label)) sizes.set(sample.group!, (sizes.get(sample.group!) ?? 0) + 1);
      expect(Math.abs(count('test') / total - 0.2)).toBeLessThanOrEqual((2 * Math.max(...sizes.values())) / total);
      expect(count('train')).toBeGreaterThan(0);
    }
  });

  it('go with those of others of a family, whichever members they have', () => {
    const members = Array.from({ length: 60 }, (_, i) => ({ id: `${i % 12}-${i}.png`, label: i % 2 }));
    const roster = members.map(({ id, label }) => ({ id, label: ['a', 'b'][label]! }));
    const whole = data(members, ['a', 'b'], { roster });
    const some = data(members.filter((_, i) => i % 4 > 0).toReversed(), ['a', 'b'], { roster });
    const grouped = { ...options, groupBy: '^(\\d+)-' };
    const sides = (of: TargetData) =>
      new Map(
        SPLITS.flatMap((name) => all(splitTarget(of, grouped).splits[name]).map(({ id }) => [id, name] as const)),
      );
    const [every, few] = [sides(whole), sides(some)];
    expect(few.size).toBe(45);
    for (const [id, name] of few) expect(every.get(id)).toBe(name);
  });
});

describe('folds of samples in groups', () => {
  const names = ['a', 'b', 'c'];
  const deal = (samples: readonly Partial<Sample>[], folds: number, seed = 0) => {
    const whole = data(samples).samples.map(({ sample }) => sample);
    return dealFolds(
      whole,
      names,
      folds,
      new RandomStream(seed),
      whole.map(({ group }) => group),
    );
  };

  it('hold each group in one, as GroupKFold does, with classes as even as StratifiedGroupKFold has them', () => {
    for (let seed = 0; seed < 20; seed++) {
      const samples = patients(seed);
      const dealt = deal(samples, 5, seed);
      const folds = new Map<string, Set<number>>();
      samples.forEach(({ group }, i) => folds.set(group!, (folds.get(group!) ?? new Set()).add(dealt[i]!)));
      expect([...folds.values()].every(({ size }) => size === 1)).toBe(true);
      // Its measure: the standard deviation over folds of each class's shares, in the mean over classes.
      const spread = (of: ArrayLike<number>) =>
        names.reduce((sum, _, label) => {
          const own = samples.flatMap((sample, i) => (sample.label === label ? [of[i]!] : []));
          const shares = [0, 1, 2, 3, 4].map((fold) => own.filter((each) => each === fold).length / own.length);
          return sum + Math.sqrt(shares.reduce((total, share) => total + (share - 0.2) ** 2, 0) / 5) / names.length;
        }, 0);
      expect(spread(dealt)).toBeLessThanOrEqual(spread(stratifiedGroupFolds(samples, 5)) + 0.01);
    }
  });

  it('refuse more folds than groups, and a class that one group alone has', () => {
    const refusal = (text: string) =>
      expect.objectContaining({ code: 'invalid-option', message: expect.stringContaining(text) as string }) as Error;
    const samples = Array.from({ length: 30 }, (_, i) => ({ group: `g${i % 3}`, label: i % 2 }));
    expect(new Set(deal(samples, 3)).size).toBe(3);
    expect(() => deal(samples, 4)).toThrow(refusal('There are 3 groups of samples, fewer than 4 folds'));
    const lone = [...samples, { group: 'g0', label: 2 }];
    expect(() => deal(lone, 3)).toThrow(refusal('The class "c" is in one group alone'));
  });
});

/**
 * scikit-learn's StratifiedGroupKFold, in its own words: groups by the falling standard deviation of their counts, each to the fold
 * after which the mean over classes of the shares' standard deviation over folds is least; of equal ones to that of fewest samples.
 */
function stratifiedGroupFolds(samples: readonly Partial<Sample>[], folds: number): number[] {
  const classes = [0, 1, 2];
  const total = classes.map((label) => samples.filter((sample) => sample.label === label).length);
  const groups = [...new Set(samples.map(({ group }) => group!))].map((group) => ({
    group,
    counts: classes.map((label) => samples.filter((sample) => sample.group === group && sample.label === label).length),
  }));
  const std = (values: readonly number[]) => {
    const mean = values.reduce((a, b) => a + b) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  };
  const filled = Array.from({ length: folds }, () => classes.map(() => 0));
  const foldOf = new Map<string, number>();
  for (const { group, counts } of groups.toSorted((a, b) => std(b.counts) - std(a.counts))) {
    const scores = filled.map((own, fold) => {
      const after = filled.map((each, f) => (f === fold ? each.map((count, c) => count + counts[c]!) : each));
      const score =
        classes.reduce((sum, c) => sum + std(after.map((each) => each[c]! / total[c]!)), 0) / classes.length;
      return { fold, score, size: own.reduce((a, b) => a + b) };
    });
    const best = scores.reduce((a, b) =>
      b.score < a.score - 1e-12 || (Math.abs(b.score - a.score) <= 1e-12 && b.size < a.size) ? b : a,
    );
    filled[best.fold] = filled[best.fold]!.map((count, c) => count + counts[c]!);
    foldOf.set(group, best.fold);
  }
  return samples.map(({ group }) => foldOf.get(group!)!);
}

describe('dealGroups', () => {
  const random = new RandomStream(0);
  const even = (units: readonly number[], shares: readonly number[], classes = 1) =>
    dealGroups(
      units.map(() => [0]),
      Int32Array.from(units),
      { classes, shares, random },
    );

  it('fills the parts by their shares, those of whole units exactly', () => {
    // Ten units of one sample, of which seven, one and two are wanted.
    const parts = even([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0.7, 0.1, 0.2]);
    expect([0, 1, 2].map((part) => parts.filter((each) => each === part).length)).toEqual([7, 1, 2]);
    expect([...even([0, 0, 0, 1], [1, 0, 0])]).toEqual([0, 0, 0, 0]);
    // Two units alike: one is trained on and one tested, as the second is wanted in both alike and testing has none.
    expect([...even([0, 1], [0.7, 0.1, 0.2])].sort()).toEqual([0, 2]);
  });
});

describe('unitsOf and groupingOf', () => {
  it('join groups by what they share, and count what is alone', () => {
    expect([...unitsOf(['x', 'y', undefined, 'x', 'z'], ['1', '2', '3', '4', '2'])]).toEqual([0, 1, 2, 0, 1]);
    expect([...unitsOf([undefined, undefined])]).toEqual([0, 1]);
    expect(groupingOf({ train: ['x', 'x', undefined], validation: ['y'], test: ['y', 'x', 'x'] })).toEqual({
      groups: 2,
      alone: 1,
      apart: [
        { group: 'x', splits: ['train', 'test'] },
        { group: 'y', splits: ['validation', 'test'] },
      ],
      largest: { group: 'x', samples: 4 },
    });
  });
});
