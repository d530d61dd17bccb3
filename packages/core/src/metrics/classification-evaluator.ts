import { HeadstartError } from '@headstart/artifacts/errors';
import type { Evaluator, MetricReport, ReportOptions } from './evaluator.ts';
import { classScores, classTotals } from './class-totals.ts';
import { classificationMetrics } from './classification-metrics.ts';
import { confusionMatrix, confusions } from './confusion-matrix.ts';
import { joined } from './joined.ts';
import type { ClassificationEvidence, Metric } from './metric.ts';
import { metricReport } from './metric-report.ts';
import { argmaxRows, softmaxRows } from './softmax-rows.ts';

/** Where a classification evaluator finds logits and truth. */
export interface ClassificationOutputs {
  /** Name of the output with logits, `[batch, classes]`. */
  readonly logits: string;
  /** Name of the target: a distribution over the classes, `[batch, classes]`, or class indices, `[batch]`. */
  readonly truth: string;
  /** See `ClassificationEvidence`. */
  readonly abstainBelow?: number;
  /** The metrics to report; the built-in ones by default. */
  readonly metrics?: readonly Metric<'classification'>[];
}

/** Classes up to which a report has a matrix: a million numbers. One of ten thousand classes fits no document. */
const LARGEST_MATRIX = 1000;

/** A row of the table `perClass` in a classification report. */
export interface ClassReport {
  readonly label: string;
  /** Samples of the class. */
  readonly support: number;
  /** Samples that were taken for the class. */
  readonly predicted: number;
  /** 0 where no sample was taken for the class, as scikit-learn has it. */
  readonly precision: number;
  /** 0 where there is no sample of the class, as scikit-learn has it. */
  readonly recall: number;
  readonly f1: number;
}

/**
 * Gathers probabilities over a split, for any task that picks one of several classes. The report has
 * a number per metric, and in `details` the table `perClass` and the `confusionMatrix`, whose row i
 * counts what samples of class i were taken for; of more than 1,000 classes the `confusions` in its place, pair by pair. A true distribution counts as its likeliest class.
 */
export function classificationEvaluator(
  labels: readonly string[],
  { logits, truth, abstainBelow, metrics = classificationMetrics }: ClassificationOutputs,
): Evaluator {
  const classes = labels.length;
  const probabilities: Float32Array[] = [];
  const truths: Int32Array[] = [];
  const evidence = (): ClassificationEvidence => ({
    labels,
    probabilities: joined(probabilities, Float32Array),
    truth: joined(truths, Int32Array),
    ...(abstainBelow !== undefined && { abstainBelow }),
  });
  return {
    async add(outputs, targets) {
      const scores = outputs[logits]!;
      const target = targets[truth]!;
      const [scoreValues, targetValues] = await Promise.all([scores.data<'float32'>(), target.data()]);
      const indices =
        target.rank === 2 ? argmaxRows(Float32Array.from(targetValues), classes) : Int32Array.from(targetValues);
      if (scores.shape.at(-1) !== classes || indices.length * classes !== scoreValues.length) {
        throw new HeadstartError({
          code: 'internal',
          message: `Logits of shape [${scores.shape.join(', ')}] do not fit ${indices.length} samples and ${classes} classes.`,
          hint: 'Give logits [batch, classes] and one target per sample.',
        });
      }
      probabilities.push(softmaxRows(scoreValues, classes));
      truths.push(indices);
    },
    reports: metrics.map(({ id }) => id),
    evidence: () => ({ kind: 'classification', evidence: evidence() }),
    report: (options) => classificationReport(evidence(), metrics, options),
  };
}

/** Every metric that applies, with the per-class table and the confusion matrix. */
export function classificationReport(
  evidence: ClassificationEvidence,
  metrics: readonly Metric<'classification'>[] = classificationMetrics,
  options?: ReportOptions,
): MetricReport {
  const { labels, truth } = evidence;
  const predicted = argmaxRows(evidence.probabilities, labels.length);
  const perClass = classScores(classTotals(truth, predicted, labels.length)).map(
    ({ support, predicted: taken, precision, recall, f1 }, i): ClassReport => {
      return { label: labels[i]!, support, predicted: taken, precision, recall, f1 };
    },
  );
  const confused =
    labels.length > LARGEST_MATRIX
      ? { confusions: confusions(truth, predicted, labels) }
      : { confusionMatrix: confusionMatrix(truth, predicted, labels.length) };
  const { values, details } = metricReport(metrics, evidence, truth.length, options);
  return {
    values,
    details: { perClass, ...confused, ...details },
  };
}
