import {
  abs,
  add,
  argMax,
  cast,
  concat,
  div,
  expandDims,
  gather,
  greater,
  max,
  maximum,
  min,
  minimum,
  mul,
  oneHot,
  range,
  relu,
  reshape,
  slice,
  split,
  sub,
  transpose,
  where,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { BACKGROUND, IGNORED } from './atss.ts';

/** What a dense head predicts at present: `logits` `[batch, cells, classes]`, `xyxy` `[batch, cells, 4]`, corners in pixels. */
export interface Predicted {
  readonly logits: Tensor;
  readonly xyxy: Tensor;
}

/** See `objectTargets`: `objects` `[batch, objects, 5]`, `cells` `[batch, cells, 4]`. */
export interface ObjectTensors {
  readonly objects: Tensor;
  readonly cells: Tensor;
}

/** Every object beside every cell: tensors `[batch, objects, cells]` unless they say otherwise. */
export interface Pairs {
  /** Whether there is an object, `[batch, objects, 1]`. */
  readonly exists: Tensor;
  /** Intersection over union of the object and the box that the cell predicts. */
  readonly overlap: Tensor;
  /** The cell's logit of the object's class. */
  readonly logit: Tensor;
  /** How far inside the object the cell's middle lies: pixels to the nearest edge, below zero outside. */
  readonly depth: Tensor;
  /** How far the cell's middle lies from the object's: along the longer of the two axes, in strides. */
  readonly offset: Tensor;
}

/** Middles of the finest cells are a stride apart: a box that counts as so many wide and high at least always holds one. */
const LEAST_SIDE = 1.001;
const LEAST_AREA = 1e-6;

/** Compares every object with every cell. */
export function pairUp({ logits, xyxy }: Predicted, { objects, cells }: ObjectTensors): Pairs {
  const [left, top, right, bottom, place] = split(objects, 5, 2) as [Tensor, Tensor, Tensor, Tensor, Tensor];
  const [x, y, stride] = split(transpose(cells, [0, 2, 1]), 4, 1) as [Tensor, Tensor, Tensor, Tensor];
  const [ownLeft, ownTop, ownRight, ownBottom] = split(transpose(xyxy, [0, 2, 1]), 4, 1) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  const area = (l: Tensor, t: Tensor, r: Tensor, b: Tensor) => mul(relu(sub(r, l)), relu(sub(b, t)));
  const shared = area(
    maximum(left, ownLeft),
    maximum(top, ownTop),
    minimum(right, ownRight),
    minimum(bottom, ownBottom),
  );
  const union = sub(add(area(left, top, right, bottom), area(ownLeft, ownTop, ownRight, ownBottom)), shared);
  const middle = (from: Tensor, to: Tensor) => mul(add(from, to), 0.5);
  const least = mul(min(stride, 2, true), LEAST_SIDE / 2);
  const half = (from: Tensor, to: Tensor) => maximum(mul(sub(to, from), 0.5), least);
  const [dx, dy] = [abs(sub(x, middle(left, right))), abs(sub(y, middle(top, bottom)))];
  return {
    exists: greater(place, 0),
    overlap: div(shared, maximum(union, LEAST_AREA)),
    logit: rowsOf(transpose(logits, [0, 2, 1]), relu(sub(place, 1))),
    depth: minimum(sub(half(left, right), dx), sub(half(top, bottom), dy)),
    offset: div(maximum(dx, dy), stride),
  };
}

/** What stands for the logarithm of nothing: finite, since it may be multiplied by zero. */
export const LOWEST = -1e9;

/** Objects and the cells that are theirs at last. */
export interface Settled {
  /** 1 where the cell is the object's, `[batch, objects, cells]`: one object a cell at most. */
  readonly owned: Tensor;
  /** What the cells are to learn, `[batch, cells, 5]`: the class as in `Assignment.labels`, and `ltrb`. */
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
  const ltrb = mul(div(concat([sub(x, left), sub(y, top), sub(right, x), sub(bottom, y)], 2), stride), positive);
  const none = add(mul(counted, BACKGROUND - IGNORED), IGNORED);
  const labels = where(cast(positive, 'bool'), sub(place, 1), none);
  return { owned, learned: concat([labels, ltrb], 2) };
}

/** The last of values in order: `[…, k]` give `[…, 1]`. */
export function last(values: Tensor): Tensor {
  const k = values.shape.at(-1)!;
  const from = values.shape.map((_, axis) => (axis === values.rank - 1 ? k - 1 : 0));
  return slice(values, from, [...values.shape.slice(0, -1), 1]);
}

/**
 * Rows of each sample's table by their numbers, exactly whatever a step is computed in: `[batch, n, width]` and
 * `[batch, count, 1]` give `[batch, count, width]`.
 */
export function rowsOf(table: Tensor, numbers: Tensor): Tensor {
  const [batch, rows, width] = table.shape as [number, number, number];
  const count = numbers.shape[1]!;
  const before = mul(reshape(range(0, batch), [batch, 1, 1]), rows);
  const places = cast(reshape(add(numbers, before), [batch * count]), 'int32');
  return reshape(gather(reshape(table, [batch * rows, width]), places), [batch, count, width]);
}
