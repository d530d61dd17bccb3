import type { RandomStream } from '../random/random-stream.ts';
import { groupedSplits } from './grouped-splits.ts';
import { groupsByPattern } from './group-pattern.ts';
import { everyLabelOf } from './labels-of.ts';
import type { TargetData } from './target-domain.ts';

export interface KeepTogetherOptions {
  /** Of train, validation and test, which add up to 1. */
  readonly shares: readonly [number, number, number];
  readonly random: RandomStream;
  /** The pattern that the groups are by, where they are by one. */
  readonly groupBy?: string;
}

/**
 * The split of each sample, by its place among the shares, so that no group is in two, nor a content. Those members of the
 * data's family that they lack are dealt out, too: whoever is tested in one set of a family is tested in all that have it.
 * @throws HeadstartError as `groupedSplits` does
 */
export function keptTogether(
  { id, labels: names, samples, roster = [] }: TargetData,
  groups: readonly (string | undefined)[],
  { shares, random, groupBy }: KeepTogetherOptions,
): Int32Array {
  const places = new Map(names.map((name, place) => [name, place]));
  const members = roster.filter(({ label }) => places.has(label));
  const rosterPlaces = new Map(members.map((member, i) => [member.id, i]));
  const present = new Map(samples.map(({ sample }, place) => [sample.id, place]));
  const others = samples.flatMap(({ sample }, place) => (rosterPlaces.has(sample.id) ? [] : [place]));
  const absent =
    groupBy === undefined || members.length === 0
      ? []
      : groupsByPattern(
          groupBy,
          members.map((member) => member.id),
        );
  const dealt = groupedSplits(
    {
      id,
      names,
      labels: [
        ...members.map(({ label }) => [places.get(label)!]),
        ...others.map((place) => everyLabelOf(samples[place]!.sample)),
      ],
      groups: [
        ...members.map((member, i) => absent[i] ?? groups[present.get(member.id) ?? -1]),
        ...others.map((place) => groups[place]),
      ],
      // Members of a family show other contents in each of its sets.
      contents: [...members.map(() => undefined), ...others.map((place) => samples[place]!.sample.digest)],
    },
    shares,
    random,
  );
  const splits = new Int32Array(samples.length);
  others.forEach((place, i) => (splits[place] = dealt[members.length + i]!));
  samples.forEach(({ sample }, place) => {
    const member = rosterPlaces.get(sample.id);
    if (member !== undefined) splits[place] = dealt[member]!;
  });
  return splits;
}
