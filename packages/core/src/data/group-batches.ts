import type { Dataset, Sample } from '../domains/target-domain.ts';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { RandomStream } from '../random/random-stream.ts';
import type { Encoder } from './encoder.ts';
import { wrapEncoder } from './wrap-encoder.ts';

/** The name of the target that holds a sample's group, int32 `[batch]`. */
export const GROUP = 'group';

/** The group of each sample: its label. @throws HeadstartError `not-supported` where a sample has no single label */
export function groupsOf(samples: Dataset<Sample>): Int32Array {
  return Int32Array.from({ length: samples.length }, (_, i) => groupOf(samples.get(i)));
}

function groupOf({ id, label }: Sample): number {
  if (label !== undefined) return label;
  throw new HeadstartError({
    code: 'not-supported',
    message: `${id} has no single label, by which the strategy would know what belongs together.`,
    hint: 'Choose another --strategy, such as fine-tune.',
  });
}

/** The encoder with each sample's group as one more target. Samples are not blended: a blend belongs to no group. */
export function withGroups<S extends Sample>(encoder: Encoder<S>): Encoder<S> {
  return wrapEncoder(encoder, {
    targets: { ...encoder.targets, [GROUP]: { shape: [], dtype: 'int32' } },
    target: (sample, view) => ({ ...encoder.target(sample, view), [GROUP]: Int32Array.of(groupOf(sample)) }),
    mix: undefined,
  });
}

/**
 * An epoch's batches for learning from pairs within a batch: each sample once, in pairs of one group. Groups
 * take turns, so that a batch has pairs of several. A group of odd size gets a pair by one of its samples coming a
 * second time; a group of one sample has no pair and comes alone.
 *
 * @param size samples per batch, at least 2; the last batch may be smaller
 */
export function pairedBatches(groups: Int32Array, size: number, random: RandomStream): Uint32Array[] {
  const members = new Map<number, number[]>();
  groups.forEach((group, position) => {
    const found = members.get(group);
    if (found) found.push(position);
    else members.set(group, [position]);
  });
  const queues = Array.from(members, ([group, positions]) => pairsOf(positions, random.child(group)));
  const pairs: number[][] = [];
  for (let round = 0; ; round++) {
    const turn = queues.filter(({ length }) => round < length);
    if (turn.length === 0) break;
    for (const index of random.child('turn', round).permutation(turn.length)) pairs.push(turn[index]![round]!);
  }
  const each = Math.max(1, Math.floor(size / 2));
  return Array.from({ length: Math.ceil(pairs.length / each) }, (_, i) =>
    Uint32Array.from(pairs.slice(i * each, (i + 1) * each).flat()),
  );
}

function pairsOf(positions: readonly number[], random: RandomStream): number[][] {
  const order = Array.from(random.permutation(positions.length), (index) => positions[index]!);
  if (order.length === 1) return [order];
  if (order.length % 2 === 1) order.push(order[0]!);
  return Array.from({ length: order.length / 2 }, (_, i) => order.slice(2 * i, 2 * i + 2));
}
