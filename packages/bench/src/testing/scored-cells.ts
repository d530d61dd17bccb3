import type { Coordinates } from '../records/bench-record.ts';
import type { ScoredCell } from '../statistics/scored-cell.ts';

/** Where cells of tests are, unless they say otherwise. */
const HOME = { source: 'minilm', train: 'amazon', adapt: null, test: 'imdb', shots: 8 } as const;

/** Cells of one strategy, by accuracy; a seed each, from 0. `null` is a cell that failed, `undefined` one that was not run. */
export function scoredCells(
  strategy: string,
  accuracies: readonly (number | null | undefined)[],
  at: Partial<Coordinates> = {},
  more: Partial<ScoredCell> = {},
): ScoredCell[] {
  return accuracies.flatMap((accuracy, seed): ScoredCell[] => {
    if (accuracy === undefined) return [];
    const coordinates = { ...HOME, strategy, seed, ...at };
    const base = { coordinates, task: 'text-classification', history: [], ...more };
    return [
      accuracy === null ? { ...base, state: 'failed', metrics: {} } : { ...base, state: 'done', metrics: { accuracy } },
    ];
  });
}
