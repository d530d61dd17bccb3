import { accuracyOf, balancedAccuracyOf, confusionMatrix, macroF1Of, type ConfusionMatrix } from './confusion-matrix.ts';
import type { ClassificationEvidence, Metric } from './metric.ts';
import { expectedCalibrationError, logLoss, topK } from './probability-scores.ts';
import { argmaxRows } from './softmax-rows.ts';

type ClassificationMetric = Metric<'classification'>;

/** The confusion matrix of the likeliest classes. */
export function confusionOf({ probabilities, truth, labels }: ClassificationEvidence): ConfusionMatrix {
  return confusionMatrix(truth, argmaxRows(probabilities, labels.length), labels.length);
}

/** What every classification task reports, in the order of a report. */
export const classificationMetrics: readonly ClassificationMetric[] = [
  {
    id: 'accuracy',
    kind: 'classification',
    description: 'Share of samples whose likeliest class is the right one',
    compute: (evidence) => accuracyOf(confusionOf(evidence)),
  },
  {
    id: 'top5',
    kind: 'classification',
    description: 'Share of samples whose class is among the five likeliest; with more than five classes only',
    applies: ({ labels }) => labels.length > 5,
    compute: (evidence) => topK(evidence, 5),
  },
  {
    id: 'macroF1',
    kind: 'classification',
    description: 'Mean over classes of the harmonic mean of precision and recall',
    compute: (evidence) => macroF1Of(confusionOf(evidence)),
  },
  {
    id: 'balancedAccuracy',
    kind: 'classification',
    description: 'Mean recall of the classes',
    compute: (evidence) => balancedAccuracyOf(confusionOf(evidence)),
  },
  {
    id: 'ece',
    kind: 'classification',
    description: 'Expected calibration error over 15 bins: how far probabilities are from hit rates',
    compute: (evidence) => expectedCalibrationError(evidence),
  },
  {
    id: 'nll',
    kind: 'classification',
    description: 'Log loss: mean of -ln p(true class), in nats',
    compute: logLoss,
  },
];
