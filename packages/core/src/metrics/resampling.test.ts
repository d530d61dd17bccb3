import { describe, expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { classificationReport } from './classification-evaluator.ts';
import { classificationMetrics } from './classification-metrics.ts';
import { metricReport } from './metric-report.ts';
import type { ClassificationEvidence, EvidenceKinds, Metric, MultiLabelEvidence } from './metric.ts';
import { multiLabelMetrics } from './multi-label-metrics.ts';
import { resamplesOf } from './resamples.ts';
import { bootstrapIntervals, resampledMean, valuesOf, type Interval, type Resampled } from './resampling.ts';
import { softmaxRows } from './softmax-rows.ts';

/** The samples of each draw, one after another, as they are drawn. */
function drawn(samples: number, draws: number): number[][] {
  const random = new RandomStream('bootstrap');
  return Array.from({ length: draws }, () => Array.from({ length: samples }, () => random.int(samples)));
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `class ${i}`);

/** Right more often than not; of tied scores where they are rounded. */
function classified(samples: number, classes: number, rounded: boolean): ClassificationEvidence {
  const random = new RandomStream(`classified ${samples}`);
  const truth = Int32Array.from({ length: samples }, () => random.int(classes));
  const logits = Float32Array.from({ length: samples * classes }, (_, at) => {
    const logit = random.normal() + (truth[Math.floor(at / classes)] === at % classes ? 1 : 0);
    return rounded ? Math.round(logit) : logit;
  });
  return { labels: names(classes), truth, probabilities: softmaxRows(logits, classes) };
}

/** The samples with these places, which may come several times. */
function spelledOut({ labels, truth, probabilities }: ClassificationEvidence, rows: number[]): ClassificationEvidence {
  const width = labels.length;
  return {
    labels,
    truth: Int32Array.from(rows, (row) => truth[row]!),
    probabilities: Float32Array.from(
      rows.flatMap((row) => Array.from(probabilities.subarray(row * width, (row + 1) * width))),
    ),
  };
}

/** Of every metric that applies and can be resampled. */
function intervalsOf<Kind extends keyof EvidenceKinds>(
  metrics: readonly Metric<Kind>[],
  evidence: EvidenceKinds[Kind],
  samples: number,
): Partial<Record<string, Interval>> {
  const applying = metrics.filter((metric) => metric.applies?.(evidence) ?? true);
  const numbers: Record<string, Resampled> = {};
  for (const metric of applying) if (metric.resampled) numbers[metric.id] = metric.resampled(evidence);
  return bootstrapIntervals(samples, numbers);
}

/** Linear between the two nearest: numpy.quantile. */
function quantile(values: number[], share: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (at - Math.floor(at)) * (high - low);
}

describe('intervals', () => {
  it.each([
    ['scores of their own', 40, 3, false],
    ['tied scores', 40, 3, true],
    ['two classes', 25, 2, false],
    ['seven classes, of which draws lack some', 20, 7, false],
  ])('are those of reports on samples that are spelled out: %s', (_, samples, classes, rounded) => {
    const evidence = classified(samples, classes, rounded);
    const intervals = intervalsOf(classificationMetrics, evidence, samples);
    const reports = drawn(samples, 1000).map((rows) => classificationReport(spelledOut(evidence, rows)).values);
    expect(Object.keys(intervals).length).toBeGreaterThan(5);
    for (const [name, interval] of Object.entries(intervals)) {
      const [low, high] = interval!;
      const values = reports.map((report) => report[name] ?? NaN);
      expect(low, name).toBeCloseTo(quantile(values, 0.025), 12);
      expect(high, name).toBeCloseTo(quantile(values, 0.975), 12);
    }
  });

  it('of several labels are those of reports on samples that are spelled out', () => {
    const [samples, width] = [30, 3];
    const random = new RandomStream('labels');
    const truth = Uint8Array.from({ length: samples * width }, () => random.int(2));
    const probabilities = Float32Array.from(truth, (carried) => Math.round(10 * random.uniform(0.3 * carried, 1)) / 10);
    const evidence: MultiLabelEvidence = { labels: names(width), truth, probabilities };
    const rowsOf = <A extends Float32Array | Uint8Array>(values: A, rows: number[]) =>
      rows.flatMap((row) => Array.from(values.subarray(row * width, (row + 1) * width)));
    const reports = drawn(samples, 1000).map((rows) => {
      const spelled = {
        truth: Uint8Array.from(rowsOf(truth, rows)),
        probabilities: Float32Array.from(rowsOf(probabilities, rows)),
      };
      return metricReport(multiLabelMetrics, { labels: names(width), ...spelled }, samples).values;
    });
    const intervals = Object.entries(intervalsOf(multiLabelMetrics, evidence, samples));
    expect(intervals.map(([name]) => name)).toEqual(multiLabelMetrics.map(({ id }) => id));
    for (const [name, interval] of intervals) {
      const [low, high] = interval!;
      const values = reports.map((report) => report[name] ?? NaN);
      expect(low, name).toBeCloseTo(quantile(values, 0.025), 12);
      expect(high, name).toBeCloseTo(quantile(values, 0.975), 12);
    }
  });
});

describe('draws', () => {
  // Of few samples all draws are kept, of many they are drawn again, in blocks.
  it.each([
    [7, 50],
    [3000, 200],
    [3000, 1500],
  ])('of %i samples, %i of them, are the same each time, in whatever blocks', (samples, draws) => {
    const expected = drawn(samples, draws);
    for (let round = 0; round < 2; round++) {
      let at = 0;
      for (const block of resamplesOf(samples, draws)) {
        for (let d = 0; d < block.draws; d += 40) {
          const counts = new Int32Array(samples);
          for (const sample of expected[at + d]!) counts[sample]!++;
          expect(counts.every((count, i) => count === block.counts[i * block.draws + d])).toBe(true);
        }
        at += block.draws;
      }
      expect(at).toBe(draws);
    }
  });

  it('give the same number together as one by one', () => {
    const perSample = Float64Array.from({ length: 60 }, (_, i) => Math.sin(i));
    const together = resampledMean(perSample);
    const oneByOne: Resampled = (counts) => together(counts);
    for (const block of resamplesOf(60, 20)) expect(valuesOf(oneByOne, block)).toEqual(valuesOf(together, block));
    expect(bootstrapIntervals(60, { together })).toEqual({ together: bootstrapIntervals(60, { oneByOne }).oneByOne });
  });
});
