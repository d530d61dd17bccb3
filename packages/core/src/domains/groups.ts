import { groupsByPattern } from './group-pattern.ts';
import type { Dataset, Sample, SplitName } from './target-domain.ts';

/** The group of each sample, undefined where it is one by itself; undefined where no sample is in one and no pattern is given. */
export function groupsOf(samples: readonly Sample[], pattern?: string): readonly (string | undefined)[] | undefined {
  if (pattern !== undefined)
    return groupsByPattern(
      pattern,
      samples.map(({ id }) => id),
    );
  const groups = samples.map(({ group }) => (group === '' ? undefined : group));
  return groups.some((group) => group !== undefined) ? groups : undefined;
}

/**
 * What cannot be told apart: samples of one group, and of one content, so that groups that share a content are one.
 * @param contents what each sample shows; undefined for one that is like no other
 * @returns the number of each sample's unit, from 0 in the order of their first samples
 */
export function unitsOf(
  groups: readonly (string | undefined)[],
  contents: readonly (string | undefined)[] = [],
): Int32Array {
  const parents = Int32Array.from(groups.keys());
  const rootOf = (place: number): number => {
    while (parents[place] !== place) place = parents[place] = parents[parents[place]!]!;
    return place;
  };
  const join = (names: readonly (string | undefined)[]) => {
    const first = new Map<string, number>();
    names.forEach((name, place) => {
      if (name === undefined) return;
      const known = first.get(name);
      if (known === undefined) first.set(name, place);
      else parents[rootOf(place)] = rootOf(known);
    });
  };
  join(groups);
  join(contents);
  const numbers = new Map<number, number>();
  return Int32Array.from(groups.keys(), (place) => {
    const root = rootOf(place);
    if (!numbers.has(root)) numbers.set(root, numbers.size);
    return numbers.get(root)!;
  });
}

/** What groups samples are in, and what they do to the splits. */
export interface Grouping {
  /** Groups; a sample without one is not counted. */
  readonly groups: number;
  /** Samples in none, each of which goes where it goes. */
  readonly alone: number;
  /** Groups that the data's own splits take apart, with the splits that they are in. */
  readonly apart: readonly { readonly group: string; readonly splits: readonly SplitName[] }[];
  /** The shares of train, validation and test that were wanted, where the splits were drawn. */
  readonly wanted?: readonly [train: number, validation: number, test: number];
  /** The largest group and its samples. */
  readonly largest: { readonly group: string; readonly samples: number };
}

/** @param groups of the samples of each split, in their order */
export function groupingOf(groups: Readonly<Record<SplitName, readonly (string | undefined)[]>>): Grouping {
  const found = new Map<string, { samples: number; splits: SplitName[] }>();
  let alone = 0;
  for (const split of ['train', 'validation', 'test'] as const) {
    for (const group of groups[split]) {
      if (group === undefined) {
        alone += 1;
        continue;
      }
      const known = found.get(group) ?? { samples: 0, splits: [] };
      found.set(group, known);
      known.samples += 1;
      if (known.splits.at(-1) !== split) known.splits.push(split);
    }
  }
  let largest = { group: '', samples: 0 };
  for (const [group, { samples }] of found) if (samples > largest.samples) largest = { group, samples };
  const apart = [...found].flatMap(([group, { splits }]) => (splits.length > 1 ? [{ group, splits }] : []));
  return { groups: found.size, alone, apart, largest };
}

/** The samples of a data set as a list. */
export function listOf<S>(samples: Dataset<S>): S[] {
  return Array.from({ length: samples.length }, (_, i) => samples.get(i));
}
