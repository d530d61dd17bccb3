import { describe, expect, it } from 'vitest';
import { datasetOf } from '../domains/splits.ts';
import { RandomStream } from '../random/random-stream.ts';
import { groupsOf, pairedBatches } from './group-batches.ts';

const sizes = [7, 4, 1, 12];
const groups = Int32Array.from(sizes.flatMap((count, group) => new Array<number>(count).fill(group)));

describe('pairedBatches', () => {
  it.each([2, 6, 7, 16, 100])(
    'of %d: every sample once per epoch, a group of odd size one more, each in a pair of its group',
    (size) => {
      const batches = pairedBatches(groups, size, new RandomStream('pairs'));
      const times = new Map<number, number>();
      for (const batch of batches) {
        expect(batch.length).toBeLessThanOrEqual(size);
        const here = [...batch].map((position) => groups[position]!);
        for (const group of new Set(here))
          if (sizes[group]! > 1) expect(here.filter((other) => other === group).length % 2).toBe(0);
        for (const position of batch) times.set(position, (times.get(position) ?? 0) + 1);
      }
      expect(times.size).toBe(groups.length);
      // One of the seven comes twice; no number of pairs makes it more.
      expect([...times.values()].reduce((sum, count) => sum + count, 0)).toBe(groups.length + 1);
      // The schedule counts steps before it knows the draws: 4 + 2 + 1 + 6 pairs.
      expect(batches).toHaveLength(Math.ceil(13 / Math.floor(size / 2)));
    },
  );

  it('mixes groups in a batch, and draws by its stream alone', () => {
    const even = Int32Array.from({ length: 16 }, (_, i) => i % 2);
    for (const batch of pairedBatches(even, 4, new RandomStream('mix')))
      expect(new Set(Array.from(batch, (position) => even[position]))).toEqual(new Set([0, 1]));
    const drawn = (seed: string) => pairedBatches(groups, 6, new RandomStream(seed)).map((batch) => [...batch]);
    expect(drawn('a')).toEqual(drawn('a'));
    expect(drawn('a')).not.toEqual(drawn('b'));
  });

  it('grows with the samples and not with their pairs', () => {
    const many = new Int32Array(20_000);
    const drawn = pairedBatches(many, 16, new RandomStream('many'));
    expect(drawn.reduce((sum, { length }) => sum + length, 0)).toBe(20_000);
  });
});

describe('groupsOf', () => {
  it('are the labels, and samples without one are named', () => {
    const sample = (label?: number) => ({ id: `s${label}`, digest: '', label });
    expect([...groupsOf(datasetOf([sample(2), sample(0)]))]).toEqual([2, 0]);
    expect(() => groupsOf(datasetOf([sample(2), sample()]))).toThrow(
      expect.objectContaining({ code: 'not-supported', message: expect.stringContaining('sundefined') as string }),
    );
  });
});
