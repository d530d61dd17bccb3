import { setImmediate } from 'node:timers';
import { afterEach, expect, it, vi } from 'vitest';
import { inPieces, Turns } from './turns.ts';

afterEach(() => void vi.restoreAllMocks());

it('gives way after eight milliseconds of work, however many works there are', async () => {
  let [clock, pieces, busiest, done] = [0, 0, 0, false];
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
  const turns = new Turns();
  // What others get to see: how many pieces are done between two turns of theirs.
  const look = () => {
    busiest = Math.max(busiest, pieces);
    pieces = 0;
    if (!done) setImmediate(look);
  };
  setImmediate(look);
  const work = async () => {
    for (let i = 0; i < 20; i++) {
      await turns.next();
      clock += 2;
      pieces++;
    }
  };
  await Promise.all(Array.from({ length: 6 }, work));
  done = true;
  // Four pieces of two milliseconds, and one of each work that had come by before the time was up.
  expect(busiest).toBeGreaterThan(0);
  expect(busiest).toBeLessThanOrEqual(4 + 6);
});

it('goes through a large array piece by piece, each value once, and others come by between', async () => {
  const values = Float32Array.from({ length: 5_000_000 }, (_, i) => i);
  let turns = 0;
  let done = false;
  const look = () => {
    turns++;
    if (!done) setImmediate(look);
  };
  setImmediate(look);
  let next = 0;
  for await (const { piece, from } of inPieces(values)) {
    expect(from).toBe(next);
    expect(piece[0]).toBe(from);
    next += piece.length;
    const since = performance.now();
    while (performance.now() - since < 10);
  }
  done = true;
  expect(next).toBe(values.length);
  expect(turns).toBeGreaterThanOrEqual(3);
});
