import { setImmediate } from 'node:timers/promises';
import type { TensorSpecs } from '../network/tensors.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { balancedOrder, type BalancedDraw } from './balanced-order.ts';
import type { HostBatch } from './encoder.ts';
import { pairedBatches } from './group-batches.ts';

/** Loads batches by the positions of their samples in the split. */
export interface BatchLoader {
  /** The number of samples. */
  readonly length: number;
  /** The stage whose inputs the batches hold. */
  readonly from: number;
  readonly inputs: TensorSpecs;
  readonly targets: TensorSpecs;
  /** What a sample is called. */
  idOf(position: number): string;
  /** The length that a sample's batch is fitted to, where samples differ in it. */
  readonly lengthOf?: (position: number) => number;
  /** The group of each sample, where batches are to hold pairs of one group. */
  readonly groups?: Int32Array;
  /** How samples are drawn where an epoch does not have each of them once. */
  readonly balanced?: BalancedDraw;
  /** @param epoch names the random draws of augmentation; absent for evaluation */
  load(positions: Uint32Array, epoch?: number): Promise<HostBatch>;
  /** Takes back a batch that nobody uses any more: a later one may lie in its memory. */
  release?(batch: HostBatch): void;
  close(): Promise<void>;
}

/** Cuts an order into batches; the last one may be smaller. */
export function cut(order: Uint32Array, size: number): Uint32Array[] {
  return Array.from({ length: Math.ceil(order.length / size) }, (_, i) => order.subarray(i * size, (i + 1) * size));
}

/** An epoch's batches for training, in random order; samples of like length are together, where they differ in it. */
export function epochBatches(
  { length, groups, balanced, lengthOf }: Pick<BatchLoader, 'length' | 'groups' | 'balanced' | 'lengthOf'>,
  size: number,
  random: RandomStream,
): Uint32Array[] {
  if (groups) return pairedBatches(groups, size, random);
  const order = balanced ? balancedOrder(balanced, random) : random.permutation(length);
  return lengthOf ? alikeBatches(order, size, lengthOf, random.child('alike')) : cut(order, size);
}

/** So many batches are made of samples that an order has one after another. */
const POOL = 16;

/**
 * Batches of an order's samples, those of like length together, so that little of a batch is padding: of every pool of
 * samples in the order, the shortest come first; then the batches are drawn anew, but for a smaller one at the end
 * (known as bucketing by length; Khomenko et al., 2017, https://arxiv.org/abs/1708.05604).
 */
function alikeBatches(
  order: Uint32Array,
  size: number,
  lengthOf: (position: number) => number,
  random: RandomStream,
): Uint32Array[] {
  const batches: Uint32Array[] = [];
  for (let start = 0; start < order.length; start += POOL * size) {
    const pool = order.slice(start, start + POOL * size);
    const lengths = new Map(Array.from(pool, (position) => [position, lengthOf(position)]));
    batches.push(
      ...cut(
        pool.sort((a, b) => lengths.get(a)! - lengths.get(b)!),
        size,
      ),
    );
  }
  const whole = order.length % size === 0 ? batches.length : batches.length - 1;
  return [...Array.from(random.permutation(whole), (i) => batches[i]!), ...batches.slice(whole)];
}

/** The samples 0 … count-1 for work whose order is free: the shortest first. */
export function lengthOrder(count: number, lengthOf?: (position: number) => number): Uint32Array {
  return byLength(count, lengthOf).order;
}

/** Cuts the samples 0 … count-1 into batches of one length each, so that no sample's batch depends on what else there is. */
export function cutAlike(count: number, size: number, lengthOf?: (position: number) => number): Uint32Array[] {
  const { order, lengths } = byLength(count, lengthOf);
  const batches: Uint32Array[] = [];
  for (let start = 0; start < count; ) {
    let end = start + 1;
    while (end < count && end - start < size && lengths[order[end]!] === lengths[order[start]!]) end++;
    batches.push(order.subarray(start, end));
    start = end;
  }
  return batches;
}

function byLength(
  count: number,
  lengthOf?: (position: number) => number,
): { order: Uint32Array; lengths: Float64Array } {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const lengths = Float64Array.from(order, lengthOf ?? (() => 0));
  return { lengths, order: lengthOf ? order.sort((a, b) => lengths[a]! - lengths[b]! || a - b) : order };
}

/**
 * Batches of samples that come round in an order of their own, however many steps an epoch has: each sample once in
 * random order, then again in another one. A batch is a function of its step, so that a resumed run goes on as it would
 * have. Batches are of one size, also where there are fewer samples than that.
 */
export function cyclingBatches(length: number, size: number, random: RandomStream): (step: number) => Uint32Array {
  const orders = new Map<number, Uint32Array>();
  const orderOf = (cycle: number) => {
    const order = orders.get(cycle) ?? random.child(cycle).permutation(length);
    for (const known of orders.keys()) if (known < cycle - 1) orders.delete(known);
    orders.set(cycle, order);
    return order;
  };
  return (step) =>
    Uint32Array.from({ length: size }, (_, i) => {
      const at = step * size + i;
      return orderOf(Math.floor(at / length))[at % length]!;
    });
}

/**
 * Yields batches in order while the next ones are being loaded. When the consumer leaves early, or a
 * batch fails, the loads under way are waited for: nothing reads on after the loop has ended.
 */
export async function* prefetch<Item, Batch>(
  batches: readonly Item[],
  load: (batch: Item) => Promise<Batch>,
  depth = 2,
): AsyncGenerator<Batch> {
  const queue: Promise<Batch>[] = [];
  let next = 0;
  const fill = () => {
    while (queue.length < depth && next < batches.length) {
      const loading = load(batches[next++]!);
      loading.catch(() => {}); // met when it is awaited
      queue.push(loading);
    }
  };
  try {
    fill();
    while (queue.length > 0) {
      const batch = await queue.shift()!;
      fill();
      await setImmediate(); // signals and decoders get their turn before this thread computes
      yield batch;
    }
  } finally {
    await Promise.allSettled(queue);
  }
}
