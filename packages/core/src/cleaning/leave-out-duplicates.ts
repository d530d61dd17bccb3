import type { ReadSample, SplitName } from '../domains/target-domain.ts';
import { copiesAmong, truthOf } from '../inspection/copies.ts';
import { plural } from '../inspection/looked-at.ts';
import type { DataCleaning } from './clean-target.ts';

/** Which copy is kept: that which is measured on, so that it is not learned; else that which is chosen by. */
const KEPT: readonly SplitName[] = ['test', 'validation', 'train'];

/**
 * Keeps one sample of each content: of those in several splits that to test on, of those in one split the first. Where what
 * is known of a content differs, none of its samples is kept: nobody can say which is right.
 */
export const leaveOutDuplicates: DataCleaning = (data) => {
  const left = new Set<number>();
  let conflicting = 0;
  for (const group of copiesAmong(data.samples.map(({ sample }) => sample))) {
    const reads = group.map((place) => data.samples[place]!);
    const conflict = new Set(reads.map(({ sample }) => truthOf(sample))).size > 1;
    const kept = conflict ? -1 : group[placeToKeep(reads)]!;
    if (conflict) conflicting += group.length;
    for (const place of group) if (place !== kept) left.add(place);
  }
  const samples = data.samples.filter((_, place) => !left.has(place));
  const contradict =
    conflicting > 0
      ? `, ${conflicting.toLocaleString('en-US')} of them because their labels contradict one another`
      : '';
  return {
    data: { ...data, samples },
    samples: left.size,
    message: `${plural(left.size, 'copy', 'copies')} left out${contradict}`,
  };
};

function placeToKeep(reads: readonly ReadSample[]): number {
  const ranks = reads.map(({ split = 'train' }) => KEPT.indexOf(split));
  return ranks.indexOf(Math.min(...ranks));
}
