import { setTimeout as sleep } from 'node:timers/promises';
import type { SettledBench } from '../config/settled-bench.ts';
import { ExpectedTime } from './expected-time.ts';
import type { Unit } from './unit.ts';
import type { CellReport, Hand } from './work.ts';

/** Who does the units: hands that are there at once, and how many more once the first unit has shown what one takes. */
export interface Workforce {
  /** A hand; it is closed by the workforce. */
  hire(): Hand;
  /** How many hands may work side by side. @param memory most bytes that a process had so far; undefined before anything was done */
  size(memory: number | undefined): number;
  close(): Promise<void>;
}

export interface ExecuteOptions {
  readonly workforce: Workforce;
  readonly budget: Pick<SettledBench['budget'], 'seconds' | 'memory'>;
  readonly signal: AbortSignal;
  /** Told after each unit what is expected of those that are left, in seconds. */
  readonly left: (seconds: number) => void;
  /** Told then of each of its cells. */
  readonly report: (cell: CellReport) => void;
}

/** Why a unit was not begun. */
export interface NotBegun {
  readonly unit: Unit;
  readonly why: 'seconds' | 'memory';
}

/** The longest that a timer runs, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** How long to wait before trials that other processes are at are looked at again, in milliseconds. */
const LOOK_AGAIN = 500;

/**
 * Has the units done, each by a hand that is free. What other processes are at is waited for, and done where they did not.
 * @returns what would have gone beyond the budget
 * @throws what ends the whole: the other hands finish nothing more
 */
export async function execute(
  units: readonly Unit[],
  { workforce, budget, signal, report, left }: ExecuteOptions,
): Promise<NotBegun[]> {
  const begun = performance.now();
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  const late =
    budget.seconds === undefined ? undefined : AbortSignal.timeout(Math.min(LONGEST, Math.ceil(1000 * budget.seconds)));
  const expected = new ExpectedTime();
  const queue = [...units];
  const notBegun: NotBegun[] = [];
  let memory: number | undefined;
  let hands = 0;

  function beyond(unit: Unit): NotBegun['why'] | undefined {
    const seconds = (performance.now() - begun) / 1000 + (expected.of(unit) ?? 0);
    if (budget.seconds !== undefined && seconds > budget.seconds) return 'seconds';
    return budget.memory !== undefined && (expected.memoryOf(unit) ?? 0) > budget.memory ? 'memory' : undefined;
  }

  async function labour(hand: Hand): Promise<void> {
    for (let unit = queue.shift(); unit && !stop.aborted; unit = queue.shift()) {
      const why = beyond(unit);
      if (why) {
        notBegun.push({ unit, why });
        continue;
      }
      const started = performance.now();
      const done = await hand.work(unit, stop, late);
      if (!done) {
        notBegun.push({ unit, why: 'seconds' });
        continue;
      }
      expected.add(unit, done, (performance.now() - started) / 1000);
      memory = Math.max(memory ?? 0, ...done.cells.map((cell) => cell.memory)) || memory;
      if (done.taken.length > 0) queue.push({ ...unit, trials: done.taken });
      if (done.taken.length > 0 && done.cells.length === 0) await sleep(LOOK_AGAIN, undefined, { signal: stop });
      left(expected.ofAll(queue, Math.max(1, hands)) ?? 0);
      done.cells.forEach(report);
      hireMore();
    }
  }

  const labours = new Set<Promise<void>>();
  function hireMore(): void {
    while (queue.length > 0 && hands < workforce.size(memory)) {
      hands++;
      const each = labour(workforce.hire());
      each.catch((error: unknown) => ended.abort(error));
      labours.add(each);
    }
  }

  try {
    hireMore();
    for (const each of labours) await each; // also those that join meanwhile
    signal.throwIfAborted();
    return notBegun;
  } catch (error) {
    await Promise.allSettled(labours);
    throw ended.signal.aborted ? ended.signal.reason : error;
  } finally {
    await workforce.close();
  }
}
