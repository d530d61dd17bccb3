import { verdictsOf, type ScoredCell, type Verdict, type VerdictKind } from '@headstart/bench';
import { wilsonInterval } from '@headstart/bench/statistics';
import { strategyName } from './simulated-benchmark.ts';

/** What verdicts on many benchmarks came to. */
export interface VerdictCounts {
  readonly benchmarks: number;
  readonly comparisons: number;
  readonly kinds: Readonly<Record<VerdictKind, number>>;
  /** Verdicts, and benchmarks with any, that are wrong; of single comparisons also how many an uncorrected p below alpha would have been. */
  readonly wrong: number;
  readonly wrongBenchmarks: number;
  readonly uncorrected: number;
}

export const ALPHA = 0.05;
export const DELTA = 0.01;

/** Judges benchmarks, counting what `isWrong` says of each verdict. */
export async function countVerdicts(
  benchmarks: number,
  cellsOf: (index: number) => readonly ScoredCell[],
  isWrong: (verdict: Verdict) => boolean,
): Promise<VerdictCounts> {
  const kinds = { better: 0, worse: 0, equivalent: 0, undecided: 0, 'too-few-seeds': 0 };
  let [comparisons, wrong, wrongBenchmarks, uncorrected] = [0, 0, 0, 0];
  for (let index = 0; index < benchmarks; index++) {
    const verdicts = await verdictsOf(cellsOf(index), {
      baseline: strategyName(0),
      metrics: { simulated: { name: 'accuracy', better: 'higher' } },
      alpha: ALPHA,
      delta: DELTA,
    });
    comparisons += verdicts.length;
    for (const { verdict, p } of verdicts) {
      kinds[verdict]++;
      if (p !== null && p < ALPHA) uncorrected++;
    }
    const found = verdicts.filter(isWrong).length;
    wrong += found;
    if (found > 0) wrongBenchmarks++;
  }
  return { benchmarks, comparisons, kinds, wrong, wrongBenchmarks, uncorrected };
}

/** A share in percent, with its 95 % interval: `1.2 % (0.7 … 2.1)`. */
export function percent(count: number, of: number): string {
  const [low, high] = wilsonInterval(count, of, 0.95).map((end) => (100 * end).toFixed(1));
  return `${((100 * count) / of).toFixed(1)} % (${low} … ${high})`;
}
