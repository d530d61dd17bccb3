import { HeadstartError } from '@headstart/artifacts/errors';
import type { Evaluator } from './evaluator.ts';
import { pearson, spearman } from './correlation.ts';
import { joined } from './joined.ts';
import type { Metric, ScoreEvidence } from './metric.ts';
import { computedOnce, metricReport } from './metric-report.ts';
import { onceEach } from './resamples.ts';
import { resampledMean, valuesOf } from './resampling.ts';

const samplesOf = ({ truth }: ScoreEvidence) => truth.length;

/** Whether a correlation has a value: neither side is constant. */
const varies = ({ predicted, truth }: ScoreEvidence) =>
  !Number.isNaN(valuesOf(pearson(predicted, truth), onceEach(truth.length))[0]);

/** What a task that predicts a number per sample reports. */
export const scoreMetrics: readonly Metric<'scores'>[] = [
  computedOnce(samplesOf, {
    id: 'spearman',
    kind: 'scores',
    description: "Spearman's correlation of predicted and true scores: how alike their order is",
    applies: varies,
    resampled: ({ predicted, truth }) => spearman(predicted, truth),
  }),
  computedOnce(samplesOf, {
    id: 'pearson',
    kind: 'scores',
    description: "Pearson's correlation of predicted and true scores",
    applies: varies,
    resampled: ({ predicted, truth }) => pearson(predicted, truth),
  }),
  computedOnce(samplesOf, {
    id: 'mse',
    kind: 'scores',
    description: 'Mean squared difference of predicted and true scores',
    applies: ({ compared }) => compared !== 'order',
    resampled: ({ predicted, truth }) => resampledMean(truth.map((value, i) => (value - predicted[i]!) ** 2)),
  }),
];

/** Where a score evaluator finds predicted and true numbers. */
export interface ScoreOutputs {
  /** Name of the output with one number per sample, `[batch]` or `[batch, 1]`. */
  readonly predicted: string;
  /** Name of the target with the true number, `[batch]` or `[batch, 1]`. */
  readonly truth: string;
  /** See `ScoreEvidence`. */
  readonly compared?: ScoreEvidence['compared'];
}

/** Gathers predicted and true numbers over a split, for tasks that learn a score. */
export function scoreEvaluator({ predicted, truth, compared = 'value' }: ScoreOutputs): Evaluator {
  const predictions: Float32Array[] = [];
  const truths: Float32Array[] = [];
  const evidence = (): ScoreEvidence => ({
    ...(compared === 'order' && { compared }),
    predicted: joined(predictions, Float32Array),
    truth: joined(truths, Float32Array),
  });
  return {
    async add(outputs, targets) {
      const [output, target] = [outputs[predicted]!, targets[truth]!];
      if (output.size !== target.size || output.size !== output.shape[0]) {
        throw new HeadstartError({
          code: 'internal',
          message: `Predictions of shape [${output.shape.join(', ')}] do not fit truth of shape [${target.shape.join(', ')}].`,
          hint: 'Give one number per sample.',
        });
      }
      const [values, trueValues] = await Promise.all([output.data<'float32'>(), target.data<'float32'>()]);
      predictions.push(Float32Array.from(values));
      truths.push(Float32Array.from(trueValues));
    },
    reports: scoreMetrics.map(({ id }) => id),
    evidence: () => ({ kind: 'scores', evidence: evidence() }),
    report: (options) => metricReport(scoreMetrics, evidence(), evidence().truth.length, options),
  };
}
