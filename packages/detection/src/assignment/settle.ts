import {
  add,
  argMax,
  cast,
  concat,
  div,
  expandDims,
  max,
  mul,
  oneHot,
  slice,
  split,
  sub,
  transpose,
  where,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { BACKGROUND, IGNORED } from './atss.ts';
import { rowsOf, type ObjectTensors } from './pairs.ts';

/** What stands for the logarithm of nothing: finite, since it may be multiplied by zero. */
export const LOWEST = -1e9;

/** Objects and the cells that are theirs at last. */
export interface Settled {
  /** 1 where the cell is the object's, `[batch, objects, cells]`: one object a cell at most. */
  readonly owned: Tensor;
  /** What the cells are to learn, `[batch, cells, 5]`: the class as in `Assignment.labels`, and the reach. */
  readonly learned: Tensor;
}

/**
 * Gives each cell that several objects claim to the one it is worth most to, the first of equals.
 * @param claimed boolean @param worth above `LOWEST`; both `[batch, objects, cells]`
 */
export function settle(claimed: Tensor, worth: Tensor, { objects, cells }: ObjectTensors): Settled {
  const claims = where(claimed, worth, LOWEST);
  const winner = argMax(claims, 1);
  const owned = mul(cast(transpose(oneHot(winner, objects.shape[1]!), [0, 2, 1]), 'float32'), cast(claimed, 'float32'));
  const positive = transpose(max(owned, 1, true), [0, 2, 1]);
  const [left, top, right, bottom, place] = split(rowsOf(objects, expandDims(winner, 2)), 5, 2) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  const [x, y, stride, counted] = split(cells, 4, 2) as [Tensor, Tensor, Tensor, Tensor];
  const reach = mul(div(concat([sub(x, left), sub(y, top), sub(right, x), sub(bottom, y)], 2), stride), positive);
  const none = add(mul(counted, BACKGROUND - IGNORED), IGNORED);
  const labels = where(cast(positive, 'bool'), sub(place, 1), none);
  return { owned, learned: concat([labels, reach], 2) };
}

/** The last of values in order: `[…, k]` give `[…, 1]`. */
export function last(values: Tensor): Tensor {
  const k = values.shape.at(-1)!;
  const from = values.shape.map((_, axis) => (axis === values.rank - 1 ? k - 1 : 0));
  return slice(values, from, [...values.shape.slice(0, -1), 1]);
}
