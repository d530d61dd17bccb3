import { describe, expect, it } from 'vitest';
import { Room } from './room.ts';

describe('Room', () => {
  it('never holds more than there is, lets in by turns, and alone what is larger than all', async () => {
    const room = new Room(10);
    let [held, most] = [0, 0];
    const order: number[] = [];
    const amounts = [4, 4, 25, 3, 3, 4, 10, 1];
    await Promise.all(
      amounts.map((amount, i) =>
        room.within(amount, async () => {
          order.push(i);
          held += Math.min(amount, 10);
          most = Math.max(most, held);
          await new Promise((resolve) => setImmediate(resolve));
          held -= Math.min(amount, 10);
        }),
      ),
    );
    expect(most).toBe(10);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('is free again after a failure', async () => {
    const room = new Room(1);
    await expect(room.within(1, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await room.within(1, () => Promise.resolve('done'))).toBe('done');
  });
});
