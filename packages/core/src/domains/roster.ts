import type { RosterEntry, Sample } from './target-domain.ts';

/**
 * A class's samples at their places among all members that the roster names for it: undefined where one is absent.
 * Samples that no roster names stand behind, in their order.
 */
export function withAbsent<S extends Sample>(
  samples: readonly S[],
  label: string,
  roster: readonly RosterEntry[] = [],
): readonly (S | undefined)[] {
  const ids = roster.filter((entry) => entry.label === label).map(({ id }) => id);
  if (ids.length === 0) return samples;
  const present = new Map(samples.map((sample) => [sample.id, sample]));
  const known = new Set(ids);
  return [...ids.map((id) => present.get(id)), ...samples.filter(({ id }) => !known.has(id))];
}
