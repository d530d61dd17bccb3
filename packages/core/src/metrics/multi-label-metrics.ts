import type { Metric, MultiLabelEvidence } from './metric.ts';
import { LABEL_THRESHOLD } from './given-labels.ts';
import { computedOnce } from './metric-report.ts';
import { addRow, oncePer, onceEach, type Resamples } from './resamples.ts';
import { resampledShare, resampledTogether, valuesOf, type Resampled } from './resampling.ts';
import { meanRocAuc } from './mean-roc-auc.ts';

/** Whether a label is given: by its place in the rows of evidence. */
export function givenIn({ probabilities, labels, thresholds }: MultiLabelEvidence): (at: number) => boolean {
  const width = labels.length;
  return (at) => probabilities[at]! >= (thresholds?.[at % width] ?? LABEL_THRESHOLD);
}

const samplesOf = ({ truth, labels }: MultiLabelEvidence) => truth.length / labels.length;

/** Per label and draw: samples that carry the label and were given it, that carry it, that were given it; `[labels, draws]`. */
interface LabelTotals {
  readonly labels: number;
  readonly draws: number;
  readonly hits: Float64Array;
  readonly carried: Float64Array;
  readonly given: Float64Array;
}

const ofTotals =
  (number: (totals: LabelTotals, draw: number) => number) =>
  (evidence: MultiLabelEvidence): Resampled => {
    const totals = totalsOf(evidence);
    return resampledTogether((resamples) => {
      const found = totals(resamples);
      return new Float64Array(resamples.draws).map((_, draw) => number(found, draw));
    });
  };

type Totals = (resamples: Resamples) => LabelTotals;
/** One function for all metrics of some evidence. */
const totalsOf = oncePer((evidence: MultiLabelEvidence): Totals => {
  const isGiven = givenIn(evidence);
  const given = Uint8Array.from(evidence.truth, (_, at) => (isGiven(at) ? 1 : 0));
  return oncePer((resamples: Resamples) => labelTotals(evidence, given, resamples));
});

/** @param given 1 for each label of each sample that it was given, else 0 */
function labelTotals(
  { truth, labels: { length: labels } }: MultiLabelEvidence,
  given: Uint8Array,
  { draws, counts }: Resamples,
): LabelTotals {
  const zeros = () => new Float64Array(labels * draws);
  const totals = { labels, draws, hits: zeros(), carried: zeros(), given: zeros() };
  for (let at = 0; at < truth.length; at++) {
    const label = at % labels;
    const row = ((at - label) / labels) * draws;
    if (truth[at]) addRow(totals.carried, label * draws, counts, row, draws);
    if (given[at]) addRow(totals.given, label * draws, counts, row, draws);
    if (given[at] && truth[at]) addRow(totals.hits, label * draws, counts, row, draws);
  }
  return totals;
}

/** 2 TP / (2 TP + FP + FN); 0 where the label is neither carried nor given. */
function f1(hits: number, carried: number, given: number): number {
  return carried + given === 0 ? 0 : (2 * hits) / (carried + given);
}

function microF1({ draws, hits, carried, given }: LabelTotals, draw: number): number {
  const all = [0, 0, 0] as [hits: number, carried: number, given: number];
  for (let at = draw; at < hits.length; at += draws) {
    all[0] += hits[at]!;
    all[1] += carried[at]!;
    all[2] += given[at]!;
  }
  return f1(...all);
}

function macroF1({ labels, draws, hits, carried, given }: LabelTotals, draw: number): number {
  let sum = 0;
  for (let at = draw; at < hits.length; at += draws) sum += f1(hits[at]!, carried[at]!, given[at]!);
  return sum / labels;
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

const rocAucOf = oncePer(
  ({ probabilities, truth, labels }: MultiLabelEvidence): Resampled =>
    meanRocAuc(probabilities, (place) => truth[place] === 1, labels.length),
);

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
    applies: (evidence) => !Number.isNaN(valuesOf(rocAucOf(evidence), onceEach(samplesOf(evidence)))[0]),
    resampled: rocAucOf,
  }),
];
