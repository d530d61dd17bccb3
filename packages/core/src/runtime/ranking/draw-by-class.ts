import { RandomStream } from '../../random/random-stream.ts';
import type { Dataset, Sample } from '../../domains/target-domain.ts';

/** Least samples of a class: one to judge, another to judge it by. */
export const LEAST_OF_CLASS = 2;

/**
 * Some samples of single labels, each class's as far as possible in its share of the whole, and at least two of it where it
 * has two; by the seed and the label's name alone. In the order of the data. Of samples with the same content the first counts:
 * a copy would be its own nearest neighbour.
 */
export function drawByClass<S extends Sample>(
  samples: Dataset<S>,
  labels: readonly string[],
  most: number,
  seed: number,
): S[] {
  const seen = new Set<string>();
  const all = Array.from({ length: samples.length }, (_, i) => samples.get(i)).filter(
    ({ digest }) => !seen.has(digest) && seen.add(digest),
  );
  if (all.length <= most) return all;
  const random = new RandomStream(seed).child('ranking');
  const chosen = new Set<S>();
  labels.forEach((label, index) => {
    const members = all.filter((sample) => sample.label === index);
    const share = Math.max(LEAST_OF_CLASS, Math.floor((members.length * most) / all.length));
    for (const at of random.child(label).permutation(members.length).subarray(0, share)) chosen.add(members[at]!);
  });
  return all.filter((sample) => chosen.has(sample));
}
