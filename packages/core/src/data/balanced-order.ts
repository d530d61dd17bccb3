import { everyLabelOf } from '../domains/labels-of.ts';
import type { Dataset, Sample } from '../domains/target-domain.ts';
import type { RandomStream } from '../random/random-stream.ts';

/** How samples are drawn so that rare classes are seen as often as others. */
export interface BalancedDraw {
  /** How often each sample is drawn in an epoch, on average; all add up to the number of samples. */
  readonly shares: Float64Array;
  /** The rarest label of each sample; -1 of one that has none. */
  readonly kinds: Int32Array;
}

/**
 * Balanced sampling: an epoch has as many draws as there are samples, each class as many of them as any other. A sample that
 * has several labels, or objects, is drawn for its rarest one (as repeat factors are chosen: Gupta et al., 2019, "LVIS").
 */
export function balancedDraw(samples: Dataset<Sample>): BalancedDraw {
  const { length } = samples;
  const labels = Array.from({ length }, (_, i) => everyLabelOf(samples.get(i)));
  const counts = new Map<number, number>();
  for (const own of labels) for (const label of own) counts.set(label, (counts.get(label) ?? 0) + 1);
  const kinds = Int32Array.from(labels, (own) =>
    own.reduce((rarest, label) => (rarest < 0 || counts.get(label)! < counts.get(rarest)! ? label : rarest), -1),
  );
  const ofKind = new Map<number, number>();
  for (const kind of kinds) ofKind.set(kind, (ofKind.get(kind) ?? 0) + 1);
  const weights = Float64Array.from(kinds, (kind) => 1 / (counts.get(kind) ?? ofKind.get(kind)!));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { shares: weights.map((weight) => (weight * length) / total), kinds };
}

/**
 * An epoch's draws in random order. Within a kind samples take turns, so that each comes as often as its share says, or
 * once more: systematic sampling (Madow, 1949).
 */
export function balancedOrder({ shares, kinds }: BalancedDraw, random: RandomStream): Uint32Array {
  const { length } = shares;
  const shuffled = random.child('kinds').permutation(length);
  const byKind = shuffled.sort((a, b) => kinds[a]! - kinds[b]!);
  const drawn = new Uint32Array(length);
  const start = random.child('start').next();
  let reached = 0;
  let count = 0;
  for (const position of byKind) {
    reached += shares[position]!;
    while (count < length && start + count < reached) drawn[count++] = position;
  }
  // Rounding of the sum may leave the last draw open.
  while (count < length) drawn[count++] = byKind[length - 1]!;
  return Uint32Array.from(random.child('order').permutation(length), (place) => drawn[place]!);
}
