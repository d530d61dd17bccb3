import type { RandomStream } from '../random/random-stream.ts';
import { byCodeUnit } from './by-code-unit.ts';
import { allot } from './allot.ts';
import type { Sample } from './target-domain.ts';

/**
 * Deals samples that have none or several labels each out to splits, so that each label's samples are shared as the
 * splits are: iterative stratification (Sechidis et al., 2011, "On the stratification of multi-label data"). The
 * label with the fewest samples left is dealt out first, each sample to the split that wants the label most, then
 * to the one that wants samples most; samples without labels fill up what is left.
 *
 * What a split wants of a label are whole samples, one at least in training and in a split for testing where the
 * label has two. A label with one is trained on.
 *
 * @param samples the labels of each, without repetition
 * @param shares of the splits, which add up to 1
 * @returns the split of each sample, by its place among the shares
 */
export function stratify(
  samples: readonly (readonly number[])[],
  names: readonly string[],
  shares: readonly [number, number, number],
  random: RandomStream,
): Uint8Array {
  const splits = new Uint8Array(samples.length);
  const free = new Set(samples.keys());
  const wanted = shares.map((share) => share * samples.length);
  const members = names.map((): number[] => []);
  samples.forEach((labels, sample) => labels.forEach((label) => members[label]!.push(sample)));
  const wantedOf = members.map(({ length }) => allot(length, shares) ?? [1, 0, 0]);
  const left = members.map(({ length }) => length);

  const put = (sample: number, split: number) => {
    splits[sample] = split;
    free.delete(sample);
    wanted[split]!--;
    for (const label of samples[sample]!) {
      wantedOf[label]![split]!--;
      left[label]!--;
    }
  };
  const open = [...shares.keys()].filter((split) => shares[split]! > 0);
  const neediest = (needs: readonly number[]) =>
    open.reduce((best, split) =>
      needs[split]! > needs[best]! || (needs[split] === needs[best] && wanted[split]! > wanted[best]!) ? split : best,
    );
  // By name, so that it does not matter how labels are numbered.
  const labels = [...names.keys()].sort((a, b) => byCodeUnit(names[a]!, names[b]!));
  for (;;) {
    const rarest = labels.reduce(
      (best, label) => (left[label]! > 0 && (best < 0 || left[label]! < left[best]!) ? label : best),
      -1,
    );
    if (rarest < 0) break;
    const own = members[rarest]!;
    for (const at of random.child(names[rarest]!).permutation(own.length))
      if (free.has(own[at]!)) put(own[at]!, neediest(wantedOf[rarest]!));
  }
  const rest = [...free];
  for (const at of random.child('').permutation(rest.length)) put(rest[at]!, neediest(wanted));
  return splits;
}

/** The labels of a sample that may have several, and those of its objects, without repetition; undefined where it is of another kind. */
export function labelsOf({ labels, objects }: Sample): readonly number[] | undefined {
  if (!labels && !objects) return undefined;
  return [...new Set([...(labels ?? []), ...(objects ?? []).map(({ label }) => label)])];
}
