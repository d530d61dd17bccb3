import { DigestMap } from '../data/digest-map.ts';
import type { Sample } from '../domains/target-domain.ts';

/**
 * The places of samples that have the same content, ascending, for each content that occurs more than once. Takes some
 * sixty bytes per sample while it looks.
 */
export function copiesAmong(samples: Iterable<Sample>): number[][] {
  const first = new DigestMap();
  const copies = new Map<number, number[]>();
  let place = 0;
  for (const { digest } of samples) {
    if (!first.add(digest, place)) {
      const original = first.get(digest)!;
      const group = copies.get(original);
      if (group) group.push(place);
      else copies.set(original, [original, place]);
    }
    place += 1;
  }
  return [...copies.values()];
}

/** What is known of a sample, alike for samples of which the same is known. */
export function truthOf({ label, labels, score, objects }: Sample): string {
  const parts = objects?.map((object) => {
    const { id: _, ...known } = object as typeof object & { readonly id?: unknown };
    return JSON.stringify(known);
  });
  return JSON.stringify([label, labels, score, parts?.sort()]);
}
