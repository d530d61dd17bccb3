import type { Metric, MultiLabelEvidence } from './metric.ts';
import { computedOnce } from './metric-report.ts';
import { resampledFrom, resampledShare, type Resampled } from './resampling.ts';
import { meanOf, rocAuc } from './roc-auc.ts';

/** A label is given where its probability reaches this, unless it has a threshold of its own. */
const GIVEN_FROM = 0.5;

/** Whether a label is given: by its place in the rows of evidence. */
export function givenIn({ probabilities, labels, thresholds }: MultiLabelEvidence): (at: number) => boolean {
  const width = labels.length;
  return thresholds ? (at) => probabilities[at]! >= thresholds[at % width]! : (at) => probabilities[at]! >= GIVEN_FROM;
}

const samplesOf = ({ truth, labels }: MultiLabelEvidence) => truth.length / labels.length;

/** Per label: samples that carry it and were given it, that carry it, that were given it. */
interface LabelTotals {
  readonly hits: Float64Array;
  readonly carried: Float64Array;
  readonly given: Float64Array;
}

const ofTotals =
  (number: (totals: LabelTotals) => number) =>
  (evidence: MultiLabelEvidence): Resampled =>
    resampledFrom(totalsOf(evidence), number);

type Totals = (counts: Int32Array) => LabelTotals;
const known = new WeakMap<MultiLabelEvidence, Totals>();

/** One function for all metrics of some evidence. */
function totalsOf(evidence: MultiLabelEvidence): Totals {
  const found = known.get(evidence);
  if (found) return found;
  const isGiven = givenIn(evidence);
  const { truth, labels } = evidence;
  const width = labels.length;
  const given = Uint8Array.from(truth, (_, at) => (isGiven(at) ? 1 : 0));
  const totals: Totals = (counts) => {
    const sums = { hits: new Float64Array(width), carried: new Float64Array(width), given: new Float64Array(width) };
    for (let at = 0; at < truth.length; at++) {
      const count = counts[Math.floor(at / width)]!;
      if (truth[at]) sums.carried[at % width]! += count;
      if (given[at]) sums.given[at % width]! += count;
      if (given[at] && truth[at]) sums.hits[at % width]! += count;
    }
    return sums;
  };
  known.set(evidence, totals);
  return totals;
}

/** 2 TP / (2 TP + FP + FN); 0 where the label is neither carried nor given. */
function f1(hits: number, carried: number, given: number): number {
  return carried + given === 0 ? 0 : (2 * hits) / (carried + given);
}

function microF1({ hits, carried, given }: LabelTotals): number {
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  return f1(sum(hits), sum(carried), sum(given));
}

function macroF1({ hits, carried, given }: LabelTotals): number {
  return hits.reduce((sum, value, i) => sum + f1(value, carried[i]!, given[i]!), 0) / hits.length;
}

/** 1 for each sample whose labels are all right, else 0. */
function allRight(evidence: MultiLabelEvidence): Uint8Array {
  const { truth, labels } = evidence;
  const given = givenIn(evidence);
  const width = labels.length;
  return Uint8Array.from({ length: truth.length / width }, (_, i) => {
    for (let at = i * width; at < (i + 1) * width; at++) if (given(at) !== (truth[at] === 1)) return 0;
    return 1;
  });
}

function rocAucOf({ probabilities, truth, labels }: MultiLabelEvidence): Resampled {
  const width = labels.length;
  return meanOf(
    labels.map((_, label) =>
      rocAuc(
        truth.length / width,
        (i) => probabilities[i * width + label]!,
        (i) => truth[i * width + label] === 1,
      ),
    ),
  );
}

/** What a task with any number of labels per sample reports; a label is given where its probability reaches its threshold, one half where it has none. */
export const multiLabelMetrics: readonly Metric<'multi-label'>[] = [
  computedOnce(samplesOf, {
    id: 'microF1',
    kind: 'multi-label',
    description: 'Harmonic mean of precision and recall over all labels of all samples',
    resampled: ofTotals(microF1),
  }),
  computedOnce(samplesOf, {
    id: 'macroF1',
    kind: 'multi-label',
    description: 'Mean over labels of the harmonic mean of precision and recall',
    resampled: ofTotals(macroF1),
  }),
  computedOnce(samplesOf, {
    id: 'exactMatch',
    kind: 'multi-label',
    description: 'Share of samples whose labels are all right',
    resampled: (evidence) => resampledShare(allRight(evidence)),
  }),
  computedOnce(samplesOf, {
    id: 'rocAuc',
    kind: 'multi-label',
    description: 'How likely a sample with a label gets a higher probability of it than one without; mean over labels',
    applies: (evidence) => !Number.isNaN(rocAucOf(evidence)(new Int32Array(samplesOf(evidence)).fill(1))),
    resampled: rocAucOf,
  }),
];
