import { describe, expect, it } from 'vitest';
import { gbc } from './bhattacharyya.ts';
import { hScore, regularisedHScore } from './h-score.ts';
import { probeAccuracy } from './linear-probe.ts';
import { logME } from './log-me.ts';
import type { Labelled } from './labelled.ts';
import { nearestNeighbourAccuracy } from './nearest-neighbour.ts';
import { regretAt1 } from './regret.ts';
import { leep, nce } from './source-class-scores.ts';
import { transRate } from './trans-rate.ts';

const [N, D, CLASSES, SOURCE_CLASSES] = [30, 5, 3, 4];
const matrix = (rows: number, columns: number, value: (i: number, j: number) => number) => ({
  rows,
  columns,
  values: Float64Array.from({ length: rows * columns }, (_, at) => value(Math.floor(at / columns), at % columns)),
});
const labels = Uint8Array.from({ length: N }, (_, i) => i % CLASSES);
const features = matrix(
  N,
  D,
  (i, j) => (j + 1) * Math.sin(1.3 * i * (j + 1) + 0.7 * j * j) + (i % CLASSES === j % CLASSES ? 3 : 0),
);
const labelled: Labelled = { features, labels, classes: CLASSES };
const logits = matrix(N, SOURCE_CLASSES, (i, z) => 2 * Math.cos(0.9 * i + 1.7 * z) + (z === i % CLASSES ? 1.5 : 0));
const probabilities = {
  ...logits,
  values: logits.values.map((value, at) => {
    const row = logits.values.subarray(
      Math.floor(at / SOURCE_CLASSES) * SOURCE_CLASSES,
      Math.floor(at / SOURCE_CLASSES + 1) * SOURCE_CLASSES,
    );
    return Math.exp(value) / row.reduce((sum, each) => sum + Math.exp(each), 0);
  }),
};
const predictions = { probabilities, labels, classes: CLASSES };

/** Computed in float64 with numpy and scipy by independent implementations of the papers' definitions. */
const golden: readonly [string, () => number, number][] = [
  ['H-score', () => hScore(labelled), 1.3387264614],
  ['regularised H-score', () => regularisedHScore(labelled).score, 0.8091778115],
  ["its shrinkage, Ledoit and Wolf's", () => regularisedHScore(labelled).shrinkage, 0.3165646511],
  ['LEEP', () => leep(predictions), -0.9603120182],
  ['NCE', () => nce(predictions), -0.9836028587],
  ['LogME', () => logME(labelled), -0.5933246073],
  ['TransRate', () => transRate(labelled), 0.734265092],
  ['GBC', () => gbc(labelled), -1.0111746734],
  ['leave-one-out 1-NN', () => nearestNeighbourAccuracy(labelled), 0.7],
];

describe('transferability scores', () => {
  it.each(golden)('equal the golden value: %s', (_, score, value) => {
    expect(Math.abs(score() - value)).toBeLessThan(1e-9);
  });

  it('are the same of float32 features, up to their rounding', () => {
    const rounded = { ...labelled, features: { ...features, values: Float32Array.from(features.values) } };
    for (const score of [hScore, logME, transRate, gbc])
      expect(Math.abs(score(rounded) - score(labelled))).toBeLessThan(1e-6);
  });

  /** With fewer samples than features the other products are decomposed; zeros beside the features change nothing. */
  it.each([
    ['H-score', hScore],
    ['regularised H-score', (given: Labelled) => regularisedHScore({ ...given }).score],
    ['LogME', logME],
    ['TransRate', transRate],
    ['leave-one-out 1-NN', nearestNeighbourAccuracy],
    ['probe', (given: Labelled) => probeAccuracy(given).accuracy],
  ])('do not depend on which products are decomposed: %s', (name, score) => {
    const wide = matrix(N, 40, (i, j) => (j < D ? features.values[i * D + j]! : 0));
    const same = score({ ...labelled, features: wide });
    // Shrinking counts dimensions, so zeros beside the features are no longer nothing to it.
    if (name === 'regularised H-score') expect(same).not.toBeCloseTo(score(labelled), 3);
    else expect(Math.abs(same - score(labelled))).toBeLessThan(1e-8);
  });
});

describe('regretAt1', () => {
  it('is what the best result has above that of the highest score', () => {
    const results = [71.2, 70.4, 69.9, 68, 66.5, 64.1];
    expect(regretAt1([0.52, 0.55, 0.5, 0.41, 0.44, 0.39], results)).toBeCloseTo(0.8, 12);
    expect(regretAt1([1, 1, 0], [3, 5, 4])).toBe(2);
    expect(regretAt1([7], [3])).toBe(0);
  });
});

describe('probeAccuracy', () => {
  it('is what ridge regressions without each sample in turn predict', () => {
    const { accuracy, penalty } = probeAccuracy(labelled);
    expect(accuracy).toBe(refitted(penalty));
  });

  it('is the share of the largest class where features say nothing', () => {
    const constant = matrix(8, 3, () => 2);
    const uneven = Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 1);
    expect(probeAccuracy({ features: constant, labels: uneven, classes: 2 }).accuracy).toBe(0.75);
  });
});

/** The same by solving the normal equations of each left-out fit: standardised features and a column of ones. */
function refitted(penalty: number): number {
  const means = Array.from({ length: D }, (_, j) => column(j).reduce((sum, value) => sum + value / N, 0));
  const spreads = means.map((mean, j) => Math.sqrt(column(j).reduce((sum, value) => sum + (value - mean) ** 2 / N, 0)));
  const rows = Array.from({ length: N }, (_, i) => [
    ...means.map((mean, j) => (features.values[i * D + j]! - mean) / spreads[j]!),
    1,
  ]);
  const right = rows.filter((row, out) => {
    const others = rows.filter((_, i) => i !== out);
    const outputs = Array.from({ length: CLASSES }, (_, label) => {
      const truth = [...labels].filter((_, i) => i !== out).map((each) => (each === label ? 1 : 0));
      const normal = row.map((_, a) => row.map((_, b) => others.reduce((sum, x) => sum + x[a]! * x[b]!, 0)));
      for (let a = 0; a < D; a++) normal[a]![a]! += penalty * N;
      const weights = solve(
        normal,
        row.map((_, a) => others.reduce((sum, x, i) => sum + x[a]! * truth[i]!, 0)),
      );
      return row.reduce((sum, value, a) => sum + value * weights[a]!, 0);
    });
    return outputs.indexOf(Math.max(...outputs)) === labels[out];
  });
  return right.length / N;
}

const column = (j: number) => Array.from({ length: N }, (_, i) => features.values[i * D + j]!);

/** Gauss's elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  rows.forEach((pivot, i) =>
    rows.forEach((row, k) => {
      if (k === i) return;
      const factor = row[i]! / pivot[i]!;
      for (let j = 0; j < row.length; j++) row[j]! -= factor * pivot[j]!;
    }),
  );
  return rows.map((row, i) => row.at(-1)! / row[i]!);
}
