import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** How long the event loop was held up at most while something ran, in milliseconds. */
export interface LoopGaps {
  readonly longest: number;
  /** The same without the time in which its thread waited for a processor, on Linux; what a quiet machine would show. */
  readonly working: number;
  /** How many gaps were longer than so many milliseconds, the longer ones among the shorter: a histogram from above. */
  readonly beyond: Readonly<Record<number, number>>;
}

const BOUNDS = [10, 25, 50, 100];

const STATISTICS = '/proc/self/schedstat';

/** Looks at the loop every millisecond while work runs. */
export async function watchingLoop<T>(work: () => Promise<T>): Promise<{ gaps: LoopGaps; seconds: number; result: T }> {
  let longest = 0;
  let working = 0;
  const beyond = Object.fromEntries(BOUNDS.map((bound) => [bound, 0]));
  let [since, waited] = [performance.now(), waitedFor()];
  const look = () => {
    const [now, waits] = [performance.now(), waitedFor()];
    const gap = now - since - 1;
    longest = Math.max(longest, gap);
    working = Math.max(working, gap - (waits - waited));
    for (const bound of BOUNDS) if (gap > bound) beyond[bound]!++;
    [since, waited] = [now, waits];
  };
  const started = performance.now();
  const timer = setInterval(look, 1);
  try {
    const result = await work();
    const seconds = (performance.now() - started) / 1000;
    await setTimeout(5);
    return { gaps: { longest, working, beyond }, seconds, result };
  } finally {
    clearInterval(timer);
  }
}

/** How long this thread has waited for a processor, in milliseconds: the second number of the kernel's statistics. */
function waitedFor(): number {
  return existsSync(STATISTICS) ? Number(readFileSync(STATISTICS, 'latin1').split(' ')[1]) / 1e6 : 0;
}
