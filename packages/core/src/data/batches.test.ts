import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostBatch } from './encoder.ts';
import { RandomStream } from '../random/random-stream.ts';
import { cut, cutAlike, epochBatches, lengthOrder, prefetch } from './batches.ts';

const batchOf = (positions: Uint32Array): HostBatch => ({
  size: positions.length,
  inputs: { x: Float32Array.from(positions) },
  targets: {},
});
const positions = (n: number) => Uint32Array.from({ length: n }, (_, i) => i);

const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
beforeAll(() => process.on('unhandledRejection', note));
afterAll(() => process.off('unhandledRejection', note));

/** A loader whose loads end when they are told to. */
class HeldLoads {
  readonly started: number[] = [];
  readonly ends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  load = (batch: Uint32Array): Promise<HostBatch> => {
    this.started.push(batch[0]!);
    return new Promise((resolve, reject) => this.ends.push({ resolve: () => resolve(batchOf(batch)), reject }));
  };
}

describe('cut', () => {
  it('gives whole batches and a smaller last one', () => {
    expect(cut(positions(7), 3).map((batch) => [...batch])).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    expect(cut(positions(0), 3)).toEqual([]);
    expect(cut(positions(2), 5).map((batch) => [...batch])).toEqual([[0, 1]]);
  });
});

describe('prefetch', () => {
  it('yields in order, whichever load ends first, and loads no more than two ahead', async () => {
    const held = new HeldLoads();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { inputs } of prefetch(cut(positions(10), 2), held.load)) {
        seen.push(inputs.x![0]!);
        expect(held.started.length).toBeLessThanOrEqual(seen.length + 2);
      }
    })();
    expect(held.started).toEqual([0, 2]);
    held.ends[1]!.resolve();
    held.ends[0]!.resolve();
    while (seen.length < 5) {
      held.ends.forEach(({ resolve }) => resolve());
      await new Promise((resolve) => setImmediate(resolve));
    }
    await reading;
    expect(seen).toEqual([0, 2, 4, 6, 8]);
    expect(held.started).toEqual([0, 2, 4, 6, 8]);
  });

  it('fails with the first batch that fails, after those before it', async () => {
    const seen: number[] = [];
    const load = async (batch: Uint32Array) => {
      if (batch[0]! >= 4) throw new Error(`no batch ${batch[0]}`);
      return batchOf(batch);
    };
    await expect(
      (async () => {
        for await (const { inputs } of prefetch(cut(positions(10), 2), load)) seen.push(inputs.x![0]!);
      })(),
    ).rejects.toThrow('no batch 4');
    expect(seen).toEqual([0, 2]);
  });

  it('waits for the loads under way when its consumer leaves, also where they fail', async () => {
    const held = new HeldLoads();
    let left = false;
    const reading = (async () => {
      for await (const batch of prefetch(cut(positions(10), 2), held.load)) if (batch.size > 0) break;
      left = true;
    })();
    held.ends[0]!.resolve();
    while (held.started.length < 3) await new Promise((resolve) => setImmediate(resolve));
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(left).toBe(false);
    held.ends[1]!.reject(new Error('too late to matter'));
    held.ends[2]!.resolve();
    await reading;
    expect(held.started).toEqual([0, 2, 4]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  });
});

describe('batches by length', () => {
  const lengths = [32, 16, 64, 16, 32, 16, 16];
  const lengthOf = (position: number) => lengths[position]!;

  it('orders samples from short to long, and leaves them in place where they have no length', () => {
    expect([...lengthOrder(7, lengthOf)]).toEqual([1, 3, 5, 6, 0, 4, 2]);
    expect([...lengthOrder(3)]).toEqual([0, 1, 2]);
  });

  it('cuts batches of one length each', () => {
    expect(cutAlike(7, 3, lengthOf).map((batch) => [...batch])).toEqual([[1, 3, 5], [6], [0, 4], [2]]);
    expect(cutAlike(5, 2).map((batch) => [...batch])).toEqual([[0, 1], [2, 3], [4]]);
    expect(cutAlike(0, 2, lengthOf)).toEqual([]);
  });
});

describe('batches of samples that differ in length', () => {
  const lengths = Array.from({ length: 530 }, (_, i) => 4 + ((i * 37) % 61));
  const samples = { length: lengths.length, lengthOf: (position: number) => lengths[position]! };
  const batchesOf = (seed: string) => epochBatches(samples, 16, new RandomStream(seed));
  const paddedOf = (batches: readonly Uint32Array[]) =>
    batches.reduce((sum, batch) => sum + batch.length * Math.max(...Array.from(batch, (at) => lengths[at]!)), 0);

  it('have each sample once, a smaller batch at the end, and little padding', () => {
    const batches = batchesOf('a');
    expect(batches.map(({ length }) => length)).toEqual([...Array<number>(33).fill(16), 2]);
    expect(batches.flatMap((batch) => [...batch]).sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
    const needed = lengths.reduce((sum, length) => sum + length, 0);
    // The longest of sixteen drawn from 4 to 64 is nearly 61, and their mean 34.
    expect(paddedOf(epochBatches({ length: lengths.length }, 16, new RandomStream('a'))) / needed).toBeGreaterThan(1.6);
    expect(paddedOf(batches) / needed).toBeLessThan(1.2);
  });

  it('come in random order, another one each time, the same for the same draw', () => {
    const longest = batchesOf('a').map((batch) => Math.max(...Array.from(batch, (at) => lengths[at]!)));
    const rises = longest.slice(1).filter((length, i) => length > longest[i]!).length;
    expect(rises).toBeGreaterThan(8);
    expect(rises).toBeLessThan(25);
    expect(batchesOf('a')).toEqual(batchesOf('a'));
    expect(batchesOf('b')).not.toEqual(batchesOf('a'));
    // Which samples are together is drawn, too.
    const together = (batches: readonly Uint32Array[]) => new Set(batches.map((batch) => [...batch].sort().join()));
    expect([...together(batchesOf('a'))].filter((batch) => together(batchesOf('b')).has(batch))).toEqual([]);
  });
});
