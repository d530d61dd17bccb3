import type { CrossValidatedMetric } from '../../runs/cross-validation.ts';
import { pairedInterval, pairedMean } from '../../statistics/paired.ts';

const LEVEL = 0.95;

/** Each metric that every fold has, over the folds. @param folds of one repeat */
export function foldMetrics(
  outcomes: readonly Readonly<Record<string, number>>[],
  folds: number,
): Record<string, CrossValidatedMetric> {
  const names = Object.keys(outcomes[0] ?? {}).filter((name) => outcomes.every((each) => each[name] !== undefined));
  return Object.fromEntries(
    names.map((name) => [
      name,
      over(
        outcomes.map((each) => each[name]!),
        folds,
      ),
    ]),
  );
}

function over(values: readonly number[], folds: number): CrossValidatedMetric {
  const overlap = 1 / (folds - 1); // test samples over training samples
  const { mean, deviation } = pairedMean(values);
  return { mean, deviation, ...(deviation > 0 && { interval: pairedInterval(values, LEVEL, overlap) }), values };
}
