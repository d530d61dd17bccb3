import { balancedAccuracyOf, classTotals, macroF1Of, matthewsOf, type ClassTotals } from './class-totals.ts';
import type { ClassificationEvidence, Metric } from './metric.ts';
import { computedOnce } from './metric-report.ts';
import { expectedCalibrationError, hitsAmong, logLosses } from './probability-scores.ts';
import { oncePer, type Resamples } from './resamples.ts';
import { resampledMean, resampledShare, resampledTogether, type Resampled } from './resampling.ts';
import { meanRocAuc } from './mean-roc-auc.ts';
import { rocAuc } from './roc-auc.ts';
import { argmaxRows } from './softmax-rows.ts';

type ClassificationMetric = Metric<'classification'>;

const samplesOf = ({ truth }: ClassificationEvidence) => truth.length;

/** A number that follows from what each class comes to. */
const ofTotals =
  (number: (totals: ClassTotals) => Float64Array) =>
  (evidence: ClassificationEvidence): Resampled => {
    const totals = totalsOf(evidence);
    return resampledTogether((resamples) => number(totals(resamples)));
  };

/** One function for all metrics of some evidence. */
const totalsOf = oncePer(({ probabilities, truth, labels }: ClassificationEvidence) => {
  const predicted = argmaxRows(probabilities, labels.length);
  return oncePer((resamples: Resamples) => classTotals(truth, predicted, labels.length, resamples));
});

/** Each class against all others, averaged over those that some samples are of and some are not; with two classes, that is the second. */
const rocAucOf = oncePer(({ probabilities, truth, labels: { length: classes } }: ClassificationEvidence): Resampled => {
  if (classes !== 2)
    return meanRocAuc(probabilities, (place) => truth[Math.floor(place / classes)] === place % classes, classes);
  return rocAuc(
    Float32Array.from(truth, (_, i) => probabilities[2 * i + 1]!),
    Uint8Array.from(truth, (label) => (label === 1 ? 1 : 0)),
  );
});

/** 1 for each sample whose likeliest class is likely enough for an answer, else 0. */
function answered({ probabilities, truth, labels, abstainBelow = 0 }: ClassificationEvidence): Uint8Array {
  const classes = labels.length;
  return Uint8Array.from(truth, (_, i) =>
    probabilities.subarray(i * classes, (i + 1) * classes).some((probability) => probability >= abstainBelow) ? 1 : 0,
  );
}

/** What every classification task reports, in the order of a report. */
export const classificationMetrics: readonly ClassificationMetric[] = [
  computedOnce(samplesOf, {
    id: 'accuracy',
    kind: 'classification',
    description: 'Share of samples whose likeliest class is the right one',
    resampled: (evidence) => resampledShare(hitsAmong(evidence, 1)),
  }),
  computedOnce(samplesOf, {
    id: 'coverage',
    kind: 'classification',
    description: 'Share of samples that get an answer, where the model has none of what it is not sure of',
    applies: ({ abstainBelow }) => abstainBelow !== undefined,
    resampled: (evidence) => resampledShare(answered(evidence)),
  }),
  computedOnce(samplesOf, {
    id: 'answeredAccuracy',
    kind: 'classification',
    description: 'Share of right answers among the samples that get one',
    applies: (evidence) => evidence.abstainBelow !== undefined && answered(evidence).includes(1),
    resampled: (evidence) => resampledShare(hitsAmong(evidence, 1), answered(evidence)),
  }),
  computedOnce(samplesOf, {
    id: 'top5',
    kind: 'classification',
    description: 'Share of samples whose class is among the five likeliest; with more than five classes only',
    applies: ({ labels }) => labels.length > 5,
    resampled: (evidence) => resampledShare(hitsAmong(evidence, 5)),
  }),
  computedOnce(samplesOf, {
    id: 'macroF1',
    kind: 'classification',
    description: 'Mean over classes of the harmonic mean of precision and recall',
    resampled: ofTotals(macroF1Of),
  }),
  computedOnce(samplesOf, {
    id: 'balancedAccuracy',
    kind: 'classification',
    description: 'Mean recall of the classes',
    resampled: ofTotals(balancedAccuracyOf),
  }),
  computedOnce(samplesOf, {
    id: 'rocAuc',
    kind: 'classification',
    description:
      'How likely a sample of a class gets a higher probability of it than another sample; mean over classes',
    applies: ({ truth }) => truth.some((label) => label !== truth[0]),
    resampled: rocAucOf,
  }),
  computedOnce(samplesOf, {
    id: 'mcc',
    kind: 'classification',
    description: "Matthews' correlation of truth and prediction, from -1 to 1; 0 for guessing",
    resampled: ofTotals(matthewsOf),
  }),
  {
    id: 'ece',
    kind: 'classification',
    description: 'Expected calibration error over 15 bins: how far probabilities are from hit rates',
    compute: (evidence) => expectedCalibrationError(evidence),
  },
  computedOnce(samplesOf, {
    id: 'nll',
    kind: 'classification',
    description: 'Log loss: mean of -ln p(true class), in nats',
    resampled: (evidence) => resampledMean(logLosses(evidence)),
  }),
];
