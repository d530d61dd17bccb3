/**
 * Seeds trained together beside the same seeds one by one: linear probes of 8 samples per class and of all, of texts and
 * of pictures. Prints the time of one, of all one by one and of all together, the ratio of all together to one, and the
 * largest difference of a probability. Then 1,000 probes of two sources on all their domains, and how long they take.
 *
 *   npm run measure -- stacked-seeds [seeds|cells] [seeds=32] [alone=32]
 */
import { compose } from '../workspace/compose.ts';

import { silentProgress } from '@headstart/core';
import type { TrialRequest, TrialResult } from '@headstart/core/trials';

const parts = process.argv.slice(2).filter((part) => !part.includes('='));
const options = new Map(
  process.argv.slice(2).flatMap((part) => (part.includes('=') ? [part.split('=', 2)] : [])) as [string, string][],
);
const SEEDS = Number(options.get('seeds') ?? 32);
/** How many of the seeds are run one by one as well. */
const ALONE = Math.min(SEEDS, Number(options.get('alone') ?? SEEDS));

const headstart = await compose(silentProgress);
const session = headstart.trials();

const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed);
const since = (start: number) => (performance.now() - start) / 1000;

const probe = (
  source: string,
  target: string,
  shots: number | undefined,
  seed: number,
  tests = [target],
): TrialRequest => ({
  transfer: { source, target, shots, seed, strategy: 'linear-probe' },
  tests: tests.map((each) => ({ target: each })),
});

async function together(trials: readonly TrialRequest[]): Promise<TrialResult[]> {
  const ends = await session.runTogether(trials);
  return ends.map((end) => {
    if ('error' in end) throw end.error;
    return end.result;
  });
}

/** The largest difference of a number in the predictions of two runs. */
function difference(a: TrialResult, b: TrialResult): number {
  let furthest = 0;
  for (const [i, { items }] of a.outcomes.entries()) {
    const other = b.outcomes[i]!.items!;
    for (const [c, { type, values }] of items!.columns.entries()) {
      if (type !== 'float32' && type !== 'float32[]') continue;
      const numbers = (values as (number | number[])[]).flat();
      const others = (other.columns[c]!.values as (number | number[])[]).flat();
      numbers.forEach((value, j) => (furthest = Math.max(furthest, Math.abs(value - others[j]!))));
    }
  }
  return furthest;
}

async function measureSeeds(source: string, target: string, shots: number | undefined): Promise<void> {
  const trials = seeds(SEEDS).map((seed) => probe(source, target, shots, seed));
  await session.run(trials[0]!); // features are computed, data are read, the source is open
  const times: number[] = [];
  const alone: TrialResult[] = [];
  for (const trial of trials.slice(0, ALONE)) {
    const start = performance.now();
    alone.push(await session.run(trial));
    times.push(since(start));
  }
  const start = performance.now();
  const stacked = await together(trials);
  const all = since(start);
  const one = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
  const furthest = Math.max(...alone.map((result, i) => difference(result, stacked[i]!)));
  const sum = (of: (result: TrialResult) => number, results: readonly TrialResult[]) =>
    results.reduce((total, result) => total + of(result), 0);
  const seconds = (results: readonly TrialResult[]) =>
    `features ${sum((r) => r.seconds.features, results).toFixed(2)}, training ${sum((r) => r.seconds.training, results).toFixed(2)}, evaluation ${sum((r) => r.seconds.evaluation, results).toFixed(2)}`;
  console.log(
    `${target.padEnd(17)} ${String(shots ?? 'all').padStart(4)} a class   one ${one.toFixed(2)} s (median)   ${ALONE} one by one ${times.reduce((total, time) => total + time, 0).toFixed(1)} s   together ${all.toFixed(2)} s   ratio ${(all / one).toFixed(2)}   largest difference ${furthest.toExponential(1)}`,
  );
  console.log(`${' '.repeat(30)} one by one: ${seconds(alone)}; together: ${seconds(stacked)}`);
}

const DOMAINS = {
  'minilm-l6': ['sentiment-amazon', 'sentiment-imdb', 'sentiment-yelp'],
  'efficientnet-lite0': ['emoji-google', 'emoji-twitter'],
} as const;
const SHOTS = [4, 8, 16, 32, undefined];
const CELLS = 1000;

async function measureCells(): Promise<void> {
  const domains = Object.entries(DOMAINS).flatMap(([source, targets]) => targets.map((target) => ({ source, target })));
  const repeats = CELLS / domains.length / SHOTS.length;
  for (const { source, target } of domains) await session.run(probe(source, target, 4, 0));
  const start = performance.now();
  let cells = 0;
  for (const { source, target } of domains) {
    const began = performance.now();
    const results = await together(
      SHOTS.flatMap((shots) => seeds(repeats).map((seed) => probe(source, target, shots, seed))),
    );
    cells += results.length;
    console.log(`${source} on ${target}: ${results.length} cells in ${since(began).toFixed(1)} s`);
  }
  console.log(
    `${cells} probe cells in ${(since(start) / 60).toFixed(2)} minutes, ${(since(start) / cells).toFixed(3)} s per cell`,
  );
}

try {
  if (parts.length === 0 || parts.includes('seeds')) {
    for (const shots of [8, undefined]) await measureSeeds('minilm-l6', 'sentiment-amazon', shots);
    for (const shots of [8, undefined]) await measureSeeds('efficientnet-lite0', 'emoji-google', shots);
  }
  if (parts.length === 0 || parts.includes('cells')) await measureCells();
} finally {
  await session.close();
  await headstart.close();
}
