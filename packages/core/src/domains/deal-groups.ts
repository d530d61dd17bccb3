import type { RandomStream } from '../random/random-stream.ts';

/** A unit and what is in it. */
interface Unit {
  readonly number: number;
  /** Of its samples' labels and of all samples, by label and last of all: which share of them it holds. */
  readonly shares: readonly (readonly [label: number, share: number])[];
  /** The largest of these. */
  readonly most: number;
}

/** Closer than this, two parts want a unit alike. */
const ALIKE = 1e-9;

/**
 * Deals units of samples, which stay together, out to parts, so that each part gets its share of every label's samples and of
 * all samples, as near as units allow: the unit that holds most of some label first, each to the part where the squares of
 * what the shares are off grow least; between parts that want it alike to the one that has least of it (the greedy way of
 * scikit-learn's StratifiedGroupKFold, for parts of any shares). Samples may have none or several labels.
 *
 * @param labels of each sample, without repetition
 * @param units the number of each sample's unit, from 0
 * @param classes how many labels there are
 * @param shares of the parts, which add up to 1; one without a share stays empty
 * @returns the part of each sample
 */
export function dealGroups(
  labels: readonly (readonly number[])[],
  units: Int32Array,
  {
    classes,
    shares,
    random,
  }: { readonly classes: number; readonly shares: readonly number[]; readonly random: RandomStream },
): Int32Array {
  const members = unitsWithShares(labels, units, classes);
  const drawn = Array.from(random.child('groups').permutation(members.length), (at) => members[at]!);
  drawn.sort((a, b) => b.most - a.most);
  const open = [...shares.keys()].filter((part) => shares[part]! > 0);
  const filled = shares.map(() => new Float64Array(classes + 1));
  const partOf = new Int32Array(members.length);
  for (const unit of drawn) {
    const weigh = (value: (part: number, label: number) => number) =>
      open.map((part) => unit.shares.reduce((sum, [label, share]) => sum + share * value(part, label), 0));
    const growth = weigh((part, label) => filled[part]![label]! - shares[part]!);
    const held = weigh((part, label) => filled[part]![label]!);
    const best = open.reduce((chosen, _, at) => {
      const less = growth[at]! - growth[chosen]!;
      return less < -ALIKE || (less <= ALIKE && held[at]! < held[chosen]! - ALIKE) ? at : chosen;
    }, 0);
    partOf[unit.number] = open[best]!;
    for (const [label, share] of unit.shares) filled[open[best]!]![label]! += share;
  }
  return units.map((unit) => partOf[unit]!);
}

function unitsWithShares(labels: readonly (readonly number[])[], units: Int32Array, all: number): Unit[] {
  const totals = new Float64Array(all + 1);
  const counts: Map<number, number>[] = [];
  labels.forEach((own, place) => {
    const count = (counts[units[place]!] ??= new Map<number, number>());
    for (const label of [...own, all]) {
      totals[label]! += 1;
      count.set(label, (count.get(label) ?? 0) + 1);
    }
  });
  return counts.map((count, number) => {
    const shares = [...count].map(([label, of]) => [label, of / totals[label]!] as const);
    return { number, shares, most: Math.max(...shares.map(([, share]) => share)) };
  });
}
