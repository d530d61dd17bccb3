import { setImmediate as nextRound } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Rounds } from './rounds.ts';

describe('rounds', () => {
  it('begin one piece of work each time that the event loop goes round, in order', async () => {
    const rounds = new Rounds();
    const begun: number[] = [];
    for (const n of [1, 2, 3]) rounds.add(() => void begun.push(n));
    expect(begun).toEqual([]);
    await nextRound();
    expect(begun).toEqual([1]);
    rounds.add(() => void begun.push(4));
    await nextRound();
    expect(begun).toEqual([1, 2]);
    for (let i = 0; i < 3; i++) await nextRound();
    expect(begun).toEqual([1, 2, 3, 4]);
  });
});
