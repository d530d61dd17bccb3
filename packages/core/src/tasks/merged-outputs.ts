import { concat, logSumExp, max, type Tensor } from '@tensorflow/tfjs-core';
import { columnsOf } from '../network/columns.ts';

/** How the logits of labels that have become one are put together, the last axis being labels. */
export type LogitMerge = (members: Tensor) => Tensor;

/** Of classes that exclude one another: the softmax of the result is the sum of theirs. */
export const summedProbabilities: LogitMerge = (members) => logSumExp(members, -1, true);

/** Of labels each for itself: the probability of the likeliest, which is the least that one of them is there. */
export const likeliestLabel: LogitMerge = (members) => max(members, -1, true);

/**
 * Logits where some labels have become one, `[…, places.length]` to `[…, labels]`. Call inside `tf.tidy`.
 * @param places for each label the place of the one that it has become; all from 0 to the last are there
 */
export function mergedLogits(logits: Tensor, places: readonly number[], merge: LogitMerge): Tensor {
  const groups = Array.from({ length: Math.max(...places) + 1 }, (_, place) =>
    places.flatMap((to, from) => (to === place ? [from] : [])),
  );
  const parts: Tensor[] = [];
  let alone: number[] = [];
  const take = () => {
    if (alone.length > 0) parts.push(columnsOf(logits, alone));
    alone = [];
  };
  for (const group of groups) {
    if (group.length === 1) {
      alone.push(group[0]!);
      continue;
    }
    take();
    parts.push(merge(columnsOf(logits, group)));
  }
  take();
  return parts.length === 1 ? parts[0]! : concat(parts, -1);
}
