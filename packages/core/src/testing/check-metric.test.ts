import { HeadstartError } from '@headstart/artifacts/errors';
import { keep, scalar } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { ClassificationEvidence, Metric } from '../metrics/metric.ts';
import { checkMetric } from './check-metric.ts';

type ErrorRate = Metric<'classification'>;

const rate = ({ probabilities, truth, labels }: ClassificationEvidence, counts?: Int32Array) => {
  let wrong = 0;
  for (const [i, label] of truth.entries()) {
    const row = probabilities.subarray(i * labels.length, (i + 1) * labels.length);
    if (row.indexOf(Math.max(...row)) !== label) wrong += counts ? counts[i]! : 1;
  }
  return wrong / truth.length;
};
const sound: ErrorRate = {
  id: 'errorRate',
  kind: 'classification',
  description: 'Share of samples whose likeliest class is wrong',
  compute: (evidence) => rate(evidence),
  resampled: (evidence) => (counts) => rate(evidence, counts),
};

let calls = 0;
const kept: { dispose(): void }[] = [];
afterEach(() => kept.splice(0).forEach((tensor) => tensor.dispose()));

const faults: Readonly<Record<string, readonly [change: Partial<ErrorRate>, says: RegExp]>> = {
  'has no description': [{ description: undefined }, /it keeps its contract: .*description/],
  'has an id of two words': [{ id: 'error rate' }, /it keeps its contract: .*one word/],
  'is of a kind without evidence': [{ kind: 'detections' as never }, /there is evidence to try it on: .*"detections"/],
  'is NaN': [{ compute: () => NaN }, /a finite number for usual evidence: it is NaN/],
  'is a text': [{ compute: () => 'good' as never }, /a finite number for usual evidence: it is good/],
  'never applies': [{ applies: () => false }, /a finite number for usual evidence: it applies to none/],
  throws: [
    { compute: () => (undefined as never as string[])[0]!.length },
    /a finite number for usual evidence: .*errorRate/,
  ],
  'differs from call to call': [{ compute: () => ++calls }, /it is pure: it is \d+ and then \d+/],
  'alters the evidence': [
    { compute: (evidence) => rate({ ...evidence, truth: evidence.truth.sort() }) },
    /it is pure: (it alters|it is .* and then)/,
  ],
  'rounds the probabilities in place': [
    { compute: (evidence) => rate(evidence) + 0 * evidence.probabilities.fill(0.5).length, resampled: undefined },
    /it is pure: (it alters the evidence|it is .* and then)/,
  ],
  'looks at the first half only': [
    { compute: (evidence) => rate({ ...evidence, truth: evidence.truth.subarray(0, 20) }), resampled: undefined },
    /the order of samples does not matter: it is [\d.]+, and [\d.]+/,
  ],
  'has intervals of another number': [
    { resampled: (evidence) => (counts) => 1 - rate(evidence, counts) },
    /its number of resamples agrees with it: it is [\d.]+, and [\d.]+/,
  ],
  'has another number of draws that are computed together': [
    {
      resampled: (evidence) =>
        Object.assign((counts: Int32Array) => rate(evidence, counts), {
          ofDraws: ({ draws }: { readonly draws: number }) => new Float64Array(draws),
        }),
    },
    /its number of resamples agrees with it: it is [\d.]+ of a draw by itself, and 0 of the same among 5/,
  ],
  'throws without a code where there is no sample': [
    {
      compute(evidence) {
        if (evidence.truth.length === 0) throw new RangeError('no samples');
        return rate(evidence);
      },
    },
    /odd evidence gives a number.*: odd evidence 1 of 3 ends in an error without a code.*no samples/,
  ],
  'is null where there is one class': [
    { compute: (evidence) => (new Set(evidence.truth).size === 1 ? (null as never) : rate(evidence)) },
    /odd evidence gives a number.*: it is null/,
  ],
  'leaves a tensor': [
    {
      compute(evidence) {
        kept.push(keep(scalar(1)));
        return rate(evidence);
      },
    },
    /no tensor is left: 3 more are there after "it gives a finite number/,
  ],
};

describe('checkMetric', () => {
  it('accepts a metric that keeps the contract, and opens a backend by itself', async () => {
    await checkMetric(sound);
  });

  it('accepts one that refuses odd evidence by an error that is meant', async () => {
    const refusing: ErrorRate = {
      ...sound,
      compute(evidence) {
        if (evidence.truth.length === 0)
          throw new HeadstartError({ code: 'target-too-small', message: 'no sample', hint: 'Give some.' });
        return rate(evidence);
      },
    };
    await checkMetric(refusing);
  });

  it.each(Object.entries(faults))('catches one that %s', async (_, [change, says]) => {
    const broken = checkMetric({ ...sound, ...change });
    await expect(broken).rejects.toThrow(says);
    await expect(broken).rejects.toThrow(/^checkMetric: The metric "/);
  });
});
