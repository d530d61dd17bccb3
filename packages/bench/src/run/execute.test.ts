import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { execute } from './execute.ts';
import type { Unit } from './unit.ts';
import type { Hand, UnitReport } from './work.ts';

const units = Array.from({ length: 12 }, (_, i): Unit => ({ kind: `unit ${i}`, trials: [] }));
const done: UnitReport = { cells: [], taken: [] };

/** Hands of a queue at which one worker is: a unit waits for those before it, and is not begun where it has become late. */
function oneWorker(begun: string[], seconds: number): () => Hand {
  let before: Promise<unknown> = Promise.resolve();
  return () => ({
    work({ kind }, _signal, late) {
      const own = before.then(async () => {
        if (late?.aborted) return undefined;
        begun.push(kind);
        await sleep(1000 * seconds);
        return done;
      });
      before = own;
      return own;
    },
    close: () => Promise.resolve(),
  });
}

function run(hire: () => Hand, size: number, seconds?: number) {
  return execute(units, {
    workforce: { hire, size: () => size, close: () => Promise.resolve() },
    budget: { seconds },
    signal: new AbortController().signal,
    left: () => {},
    report: () => {},
  });
}

it('begins nothing that is handed out once the budget is used up, and says what was not', async () => {
  const begun: string[] = [];
  const notBegun = await run(oneWorker(begun, 0.1), 64, 0.15);
  expect(begun).toEqual(units.slice(0, begun.length).map(({ kind }) => kind));
  expect(notBegun).toEqual(units.slice(begun.length).map((unit) => ({ unit, why: 'seconds' })));
  expect(notBegun.length).toBeGreaterThan(0);
});

it('begins all where there is no budget, and where there is plenty', async () => {
  for (const seconds of [undefined, 60, 1e9]) {
    const begun: string[] = [];
    expect(await run(oneWorker(begun, 0), 64, seconds)).toEqual([]);
    expect(begun).toHaveLength(units.length);
  }
});
