import { byCodeUnit } from './by-code-unit.ts';
import type { Sample } from './target-domain.ts';

/**
 * The samples beyond `ratio` times as many as the smallest class has, of each class. Which ones is decided by their
 * contents' digests, whose order is as good as drawn: neither the seed nor the order of files changes it. Of samples that
 * have several labels or objects none are left out.
 */
export function surplusOf<S extends Sample>(samples: readonly S[], ratio: number): Set<S> {
  const classes = new Map<number, S[]>();
  for (const sample of samples) {
    if (sample.label === undefined) continue;
    const own = classes.get(sample.label);
    if (own) own.push(sample);
    else classes.set(sample.label, [sample]);
  }
  const most = ratio * Math.min(...[...classes.values()].map(({ length }) => length));
  const surplus = new Set<S>();
  for (const own of classes.values()) {
    if (own.length <= most) continue;
    const ordered = own
      .map((sample) => ({ sample, digest: sample.digest }))
      .sort((a, b) => byCodeUnit(a.digest, b.digest));
    for (const { sample } of ordered.slice(most)) surplus.add(sample);
  }
  return surplus;
}
