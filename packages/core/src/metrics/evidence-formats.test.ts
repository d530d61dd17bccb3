import { describe, expect, it } from 'vitest';
import { coreTrials } from '../testing/sample-evidence.ts';
import { classificationMetrics } from './classification-metrics.ts';
import type { EvidenceFormat, EvidenceItems } from './evidence-format.ts';
import { coreFormats } from './evidence-formats.ts';
import { metricReport } from './metric-report.ts';
import type { EvidenceKinds, Metric } from './metric.ts';
import { multiLabelMetrics } from './multi-label-metrics.ts';
import { onceEach } from './resamples.ts';
import { retrievalMetrics } from './retrieval-evaluator.ts';
import { scoreMetrics } from './score-evaluator.ts';

const reported: Readonly<Record<string, readonly Metric[]>> = {
  classification: classificationMetrics,
  'multi-label': multiLabelMetrics,
  scores: scoreMetrics,
  retrieval: retrievalMetrics,
};

type Kind = keyof typeof coreTrials;
const formatOf = <K extends keyof EvidenceKinds>(kind: K) =>
  coreFormats.find((format) => format.kind === kind) as unknown as EvidenceFormat<K>;
const written = (kind: Kind, evidence: unknown): EvidenceItems => ({
  kind,
  ...formatOf(kind).write(evidence as never),
});
/** As a file gives them back: 32-bit floats as what they are. */
const stored = (items: EvidenceItems) => JSON.parse(JSON.stringify(items)) as EvidenceItems;

describe.each(Object.keys(coreTrials) as Kind[])('kept evidence of the kind %s', (kind) => {
  const format = formatOf(kind);
  const { usual, odd, samples } = coreTrials[kind];

  it('is read again as it was, bit for bit, and gives the numbers that the task reports', () => {
    for (const evidence of [...usual, ...odd]) {
      const again = format.read(stored(written(kind, evidence)));
      expect(again).toMatchObject(evidence);
      const count = samples(evidence as never);
      expect(format.scores(again as never)).toHaveLength(count);
      const { values } = metricReport(reported[kind]!, evidence, count);
      const numbers = format.measure(again);
      for (const [name, value] of Object.entries(values))
        expect(numbers[name]?.value, name).toBe(Number.isFinite(value) ? value : undefined);
    }
  });

  it('gives each resampled number of items that count once each as the number itself', () => {
    for (const evidence of usual) {
      const numbers = Object.values(format.measure(evidence as never));
      expect(numbers.length).toBeGreaterThan(0);
      for (const { value, resampled } of numbers)
        if (resampled) expect(resampled(onceEach(samples(evidence as never)).counts)).toBe(value);
    }
  });

  it('is refused with a code where a column is missing, short or of another type', () => {
    const items = written(kind, usual[0]);
    const [first, ...more] = items.columns as [(typeof items.columns)[0], ...(typeof items.columns)[0][]];
    const odd_: EvidenceItems[] = [
      { ...items, columns: more },
      { ...items, columns: [{ ...first, type: 'string' }, ...more] },
      { ...items, columns: [{ ...first, values: first.values.map(() => 'x') }, ...more] },
      ...(more.length > 0 ? [{ ...items, columns: [{ ...first, values: first.values.slice(1) }, ...more] }] : []),
    ];
    for (const each of odd_)
      expect(() => format.read(each)).toThrow(expect.objectContaining({ code: 'record-invalid' }));
  });
});

describe('items score', () => {
  it('1 where the likeliest class is the true one', () => {
    const evidence = {
      labels: ['a', 'b'],
      truth: Int32Array.of(0, 1, 1),
      probabilities: Float32Array.of(0.9, 0.1, 0.6, 0.4, 0.2, 0.8),
    };
    expect([...formatOf('classification').scores(evidence)]).toEqual([1, 0, 1]);
  });

  it('the F1 of their labels, 1 without any', () => {
    const truth = Uint8Array.of(1, 1, 0, 0, 0, 0);
    const probabilities = Float32Array.of(0.9, 0.1, 0.1, 0, 0, 0);
    expect([...formatOf('multi-label').scores({ labels: ['a', 'b', 'c'], truth, probabilities })]).toEqual([2 / 3, 1]);
  });

  it('by how near a number is, or its rank where numbers are on scales of their own', () => {
    const [truth, predicted] = [Float32Array.of(1, 2, 3), Float32Array.of(2, 2, 40)];
    expect([...formatOf('scores').scores({ truth, predicted })]).toEqual([1 / 2, 1, 1 / 38]);
    expect([...formatOf('scores').scores({ truth, predicted, compared: 'order' })]).toEqual([3 / 4, 3 / 4, 1]);
  });

  it('their reciprocal rank, and nothing where they are no query', () => {
    const evidence = { ranks: Int32Array.of(0, 3), asked: Uint8Array.of(1, 0, 1) };
    expect([...formatOf('retrieval').scores(evidence)]).toEqual([1, NaN, 1 / 4]);
    const { recallAt1 } = formatOf('retrieval').measure(evidence);
    expect(recallAt1!.value).toBe(1 / 2);
    expect(recallAt1!.resampled!(Int32Array.of(3, 5, 1))).toBe(3 / 4);
  });
});
