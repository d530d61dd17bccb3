import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { withNiceThreads } from './thread-priority.ts';

const THREADS = '/proc/self/task';

/** The niceness of each thread, the 19th number of its statistics (proc(5)); its name before it may have blanks. */
function nicenesses(): Map<string, number> {
  return new Map(
    readdirSync(THREADS).map((thread) => {
      const statistics = readFileSync(`${THREADS}/${thread}/stat`, 'latin1');
      const numbers = statistics.slice(statistics.lastIndexOf(')') + 2).split(' ');
      return [thread, Number(numbers[16])];
    }),
  );
}

describe.skipIf(!existsSync(THREADS))('threads of a niceness', () => {
  it.each([5, 0])('are those that the work makes: %d', async (niceness) => {
    const before = nicenesses();
    const worker = withNiceThreads(niceness, () => new Worker('setInterval(() => {}, 1000)', { eval: true }));
    try {
      const after = nicenesses();
      const made = [...after].filter(([thread]) => !before.has(thread));
      expect(made.length).toBeGreaterThan(0);
      const own = before.get(String(process.pid))!;
      for (const [, is] of made) expect(is).toBe(Math.max(own, niceness));
      for (const [thread, was] of before) expect(after.get(thread) ?? was).toBe(was);
    } finally {
      await worker.terminate();
    }
  });
});
