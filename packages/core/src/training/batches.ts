import { setImmediate } from 'node:timers/promises';
import type { TensorSpecs } from '../models/tensors.ts';
import type { HostBatch } from '../tasks/task.ts';

/** Loads batches by the positions of their samples in the split. */
export interface BatchLoader {
  /** The number of samples. */
  readonly length: number;
  /** The stage whose inputs the batches hold. */
  readonly from: number;
  readonly inputs: TensorSpecs;
  readonly targets: TensorSpecs;
  /** @param epoch names the random draws of augmentation; absent for evaluation */
  load(positions: Uint32Array, epoch?: number): Promise<HostBatch>;
  close(): Promise<void>;
}

/** Cuts an order into batches; the last one may be smaller. */
export function cut(order: Uint32Array, size: number): Uint32Array[] {
  return Array.from({ length: Math.ceil(order.length / size) }, (_, i) => order.subarray(i * size, (i + 1) * size));
}

/**
 * Yields batches in order while the next ones are being loaded. When the consumer leaves early, or a
 * batch fails, the loads under way are waited for: nothing reads on after the loop has ended.
 */
export async function* prefetch(
  batches: readonly Uint32Array[],
  load: (positions: Uint32Array) => Promise<HostBatch>,
  depth = 2,
): AsyncGenerator<HostBatch> {
  const queue: Promise<HostBatch>[] = [];
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
