import { memory, slice, tensor2d } from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { plainBackend } from '../testing/plain-backend.ts';
import { classificationReport } from './classification-evaluator.ts';
import { classificationMetrics } from './classification-metrics.ts';
import { pearson, spearman } from './correlation.ts';
import { metricReport } from './metric-report.ts';
import { multiLabelEvaluator } from './multi-label-evaluator.ts';
import { multiLabelMetrics } from './multi-label-metrics.ts';
import { onceEach } from './resamples.ts';
import { bootstrapIntervals, type Interval } from './resampling.ts';
import { retrievalEvaluator, retrievalReport } from './retrieval-evaluator.ts';
import { scoreEvaluator } from './score-evaluator.ts';

/** Values of scikit-learn and SciPy on seeded numbers; versions are in the file. */
const reference = JSON.parse(readFileSync(new URL('fixtures/scikit-learn.json', import.meta.url), 'utf8')) as {
  binary: { truth: number[]; score: number[]; rocAuc: number; mcc: number }[];
  multi: { classes: number; truth: number[]; score: number[]; rocAuc: number; mcc: number }[];
  scores: {
    predicted: number[];
    truth: number[];
    pearson: number;
    spearman: number;
    pearson95?: Interval;
    spearman95?: Interval;
  }[];
  multiLabel: {
    labels: number;
    truth: number[];
    score: number[];
    microF1: number;
    macroF1: number;
    exactMatch: number;
    rocAuc: number;
  }[];
  retrieval: {
    width: number;
    queries: number[];
    candidates: number[];
    recallAt1: number;
    recallAt5: number;
    recallAt10: number;
    mrr: number;
  }[];
};
const named = (count: number) => Array.from({ length: count }, (_, i) => `class ${i}`);

beforeAll(async () => void (await plainBackend()));

describe('as scikit-learn and SciPy have it', () => {
  it.each(reference.binary)('ROC-AUC and MCC of two classes, with ties', ({ truth, score, rocAuc, mcc }) => {
    const probabilities = Float32Array.from(score.flatMap((p) => [1 - p, p]));
    const { values } = classificationReport({ labels: named(2), probabilities, truth: Int32Array.from(truth) });
    expect(values['rocAuc']).toBeCloseTo(rocAuc, 12);
    expect(values['mcc']).toBeCloseTo(mcc, 12);
  });

  it.each(reference.multi)('ROC-AUC and MCC of several classes', ({ classes, truth, score, rocAuc, mcc }) => {
    const { values } = classificationReport({
      labels: named(classes),
      probabilities: Float32Array.from(score),
      truth: Int32Array.from(truth),
    });
    expect(values['rocAuc']).toBeCloseTo(rocAuc, 12);
    expect(values['mcc']).toBeCloseTo(mcc, 12);
  });

  it.each(reference.scores)('Pearson and Spearman, with ties', (expected) => {
    const once = onceEach(expected.truth.length).counts;
    expect(pearson(expected.predicted, expected.truth)(once)).toBeCloseTo(expected.pearson, 12);
    expect(spearman(expected.predicted, expected.truth)(once)).toBeCloseTo(expected.spearman, 12);
  });

  it.each(reference.multiLabel)('several labels per sample', ({ labels, truth, score, ...expected }) => {
    const evidence = { labels: named(labels), probabilities: Float32Array.from(score), truth: Uint8Array.from(truth) };
    const { values } = metricReport(multiLabelMetrics, evidence, truth.length / labels);
    for (const [name, value] of Object.entries(expected)) expect(values[name], name).toBeCloseTo(value, 12);
  });

  it.each(reference.retrieval)('retrieval', async ({ width, queries, candidates, ...expected }) => {
    const before = memory().numTensors;
    const { values } = await retrievalReport(Float32Array.from(queries), Float32Array.from(candidates), width);
    for (const [name, value] of Object.entries(expected)) expect(values[name], name).toBeCloseTo(value, 12);
    expect(memory().numTensors).toBe(before);
  });

  it('intervals of correlations', () => {
    const { predicted, truth, pearson95, spearman95 } = reference.scores.at(-1)!;
    const found = bootstrapIntervals(truth.length, {
      pearson: pearson(predicted, truth),
      spearman: spearman(predicted, truth),
    });
    // The ends of 1,000 draws scatter by about a twentieth of the interval's width.
    for (const [got, expected] of [
      [found.pearson!, pearson95!],
      [found.spearman!, spearman95!],
    ] as const) {
      const room = (expected[1] - expected[0]) / 10;
      expect(Math.abs(got[0] - expected[0]), String(got)).toBeLessThan(room);
      expect(Math.abs(got[1] - expected[1]), String(got)).toBeLessThan(room);
    }
  });
});

describe('bootstrap', () => {
  it('counts resamples as if their samples stood there so often', () => {
    // Twice the first sample, none of the second, once the third.
    const probabilities = Float32Array.of(0.9, 0.1, 0.2, 0.8, 0.6, 0.4, 0.3, 0.7);
    const evidence = { labels: named(2), probabilities, truth: Int32Array.of(0, 0, 1, 1) };
    const counts = Int32Array.of(2, 0, 1, 3);
    const rows = [0, 0, 2, 3, 3, 3];
    const spelled = {
      labels: named(2),
      probabilities: Float32Array.from(rows.flatMap((row) => [...probabilities.subarray(2 * row, 2 * row + 2)])),
      truth: Int32Array.from(rows, (row) => evidence.truth[row]!),
    };
    const report = classificationReport(spelled).values;
    for (const metric of metricsWithResamples().filter((each) => each.applies?.(evidence) ?? true))
      expect(metric.resampled!(evidence)(counts), metric.id).toBeCloseTo(report[metric.id]!, 12);
    expect(spearman([1, 1, 2, 5], [3, 1, 2, 2])(counts)).toBeCloseTo(
      spearman(
        rows.map((row) => [1, 1, 2, 5][row]!),
        rows.map((row) => [3, 1, 2, 2][row]!),
      )(onceEach(6).counts),
      12,
    );
  });

  it('gives a share of hits the quantiles of its binomial distribution', () => {
    // 80 hits of 100: a resample's hits are Binomial(100, 0.8), whose 2.5 % and 97.5 % quantiles are 72 and 88 (standard deviation 4).
    const hits = Uint8Array.from({ length: 100 }, (_, i) => (i < 80 ? 1 : 0));
    const share = (counts: Int32Array) => counts.reduce((sum, count, i) => sum + count * hits[i]!, 0) / 100;
    const [low, high] = bootstrapIntervals(100, { share }).share!;
    expect(Math.abs(low - 0.72)).toBeLessThan(0.015);
    expect(Math.abs(high - 0.88)).toBeLessThan(0.015);
    expect(bootstrapIntervals(100, { share })).toEqual({ share: [low, high] });
  });

  it('has no interval for one sample, nor where most draws have no value', () => {
    expect(bootstrapIntervals(1, { any: () => 1 })).toEqual({});
    let draw = 0;
    expect(bootstrapIntervals(5, { rare: () => (draw++ % 3 === 0 ? 1 : NaN) })).toEqual({});
  });

  it('is in a report when asked for', () => {
    const { truth, score } = reference.binary[2]!;
    const evidence = {
      labels: named(2),
      probabilities: Float32Array.from(score.flatMap((p) => [1 - p, p])),
      truth: Int32Array.from(truth),
    };
    expect(classificationReport(evidence).details).not.toHaveProperty('intervals');
    const { values, details } = classificationReport(evidence, undefined, { intervals: true });
    const intervals = details!['intervals'] as Record<string, Interval>;
    expect(Object.keys(intervals)).toEqual(['accuracy', 'macroF1', 'balancedAccuracy', 'rocAuc', 'mcc', 'nll']);
    for (const [name, [low, high]] of Object.entries(intervals)) {
      expect(low, name).toBeLessThan(values[name]!);
      expect(high, name).toBeGreaterThan(values[name]!);
    }
  });
});

describe('evaluators', () => {
  it('gather several labels, scores and pairs in batches, and keep no tensor', async () => {
    const before = memory().numTensors;
    const several = multiLabelEvaluator(['a', 'b'], { logits: 'z', truth: 't' });
    const scores = scoreEvaluator({ predicted: 'z', truth: 't' });
    const pairs = retrievalEvaluator({ queries: 'z', candidates: 't' });
    for (const [z, t] of [
      [
        [
          [2, -1],
          [-3, 1],
        ],
        [
          [1, 0],
          [1, 1],
        ],
      ],
      [[[1, 1]], [[0, 1]]],
    ] as const) {
      const both = [tensor2d(z as unknown as number[][]), tensor2d(t as unknown as number[][])] as const;
      await several.add({ z: both[0] }, { t: both[1] });
      await pairs.add({ z: both[0], t: both[1] }, {});
      const column = both.map((each) => slice(each, [0, 0], [-1, 1]));
      await scores.add({ z: column[0]! }, { t: column[1]! });
      for (const each of [...both, ...column]) each.dispose();
    }
    await pairs.finish!();
    // Given: a, b, ab; carried: a, ab, b. Label a: 1 hit of 2 and 2; b: 2 hits of 2 and 2.
    expect(several.report()).toEqual({
      values: { microF1: 0.75, macroF1: 0.75, exactMatch: 1 / 3, rocAuc: 0.75 },
      details: {
        perClass: [
          { label: 'a', support: 2, predicted: 2, precision: 0.5, recall: 0.5, f1: 0.5 },
          { label: 'b', support: 2, predicted: 2, precision: 1, recall: 1, f1: 1 },
        ],
      },
    });
    // 2, -3, 1 for 1, 1, 0: (1 + 16 + 1) / 3.
    expect(scores.report().values['mse']).toBeCloseTo(6, 6);
    // (2,-1) is nearest to its own (1,0); (-3,1) is furthest from (1,0), before (1,1) and (0,1); (1,1) is nearest to (1,1), then as near to (1,0), which comes first, as to its own.
    expect(pairs.report().values).toMatchObject({ recallAt1: 1 / 3, recallAt5: 1, mrr: (1 + 1 / 2 + 1 / 3) / 3 });
    expect(memory().numTensors).toBe(before);
  });

  it('refuse shapes that do not fit', async () => {
    const [z, t] = [tensor2d([[1, 2, 3]]), tensor2d([[1, 0]])];
    await expect(multiLabelEvaluator(['a', 'b'], { logits: 'z', truth: 't' }).add({ z }, { t })).rejects.toThrow(
      'do not fit',
    );
    await expect(scoreEvaluator({ predicted: 'z', truth: 't' }).add({ z }, { t })).rejects.toThrow('do not fit');
    await expect(retrievalEvaluator({ queries: 'z', candidates: 't' }).add({ z, t }, {})).rejects.toThrow(
      'do not pair up',
    );
    z.dispose();
    t.dispose();
  });
});

function metricsWithResamples() {
  return classificationMetrics.filter((metric) => metric.resampled !== undefined && metric.id !== 'top5');
}
