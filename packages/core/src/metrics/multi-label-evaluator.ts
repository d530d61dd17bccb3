import { HeadstartError } from '@headstart/artifacts/errors';
import type { Evaluator } from './evaluator.ts';
import type { ClassReport, ClassificationOutputs } from './classification-evaluator.ts';
import { joined } from './joined.ts';
import type { MultiLabelEvidence } from './metric.ts';
import { metricReport } from './metric-report.ts';
import { givenIn, multiLabelMetrics } from './multi-label-metrics.ts';

/** Where a multi-label evaluator finds logits and truth. */
export interface MultiLabelOutputs extends Pick<ClassificationOutputs, 'logits' | 'truth'> {
  /** See `MultiLabelEvidence`. */
  readonly thresholds?: readonly number[];
}

/**
 * Gathers a probability for each label, 1 / (1 + exp(-logit)), over a split, for tasks whose samples carry
 * any number of labels. `truth` names a target `[batch, labels]` of zeros and ones. The report has a number
 * a metric and in `details` the table `perClass`.
 */
export function multiLabelEvaluator(
  labels: readonly string[],
  { logits, truth, thresholds }: MultiLabelOutputs,
): Evaluator {
  const probabilities: Float32Array[] = [];
  const truths: Uint8Array[] = [];
  const evidence = (): MultiLabelEvidence => ({
    labels,
    probabilities: joined(probabilities, Float32Array),
    truth: joined(truths, Uint8Array),
    ...(thresholds && { thresholds }),
  });
  return {
    async add(outputs, targets) {
      const [scores, target] = [outputs[logits]!, targets[truth]!];
      if (scores.shape.at(-1) !== labels.length || target.shape.join() !== scores.shape.join()) {
        throw new HeadstartError({
          code: 'internal',
          message: `Logits of shape [${scores.shape.join(', ')}] do not fit truth of shape [${target.shape.join(', ')}] and ${labels.length} labels.`,
          hint: 'Give logits and truth [batch, labels].',
        });
      }
      const [scoreValues, targetValues] = await Promise.all([scores.data<'float32'>(), target.data()]);
      probabilities.push(Float32Array.from(scoreValues, (logit) => 1 / (1 + Math.exp(-logit))));
      truths.push(Uint8Array.from(targetValues, (value) => (value > 0.5 ? 1 : 0)));
    },
    reports: multiLabelMetrics.map(({ id }) => id),
    evidence: () => ({ kind: 'multi-label', evidence: evidence() }),
    report(options) {
      const found = evidence();
      const { values, details } = metricReport(multiLabelMetrics, found, found.truth.length / labels.length, options);
      return { values, details: { perClass: perLabel(found), ...details } };
    },
  };
}

function perLabel(evidence: MultiLabelEvidence): ClassReport[] {
  const { labels, truth } = evidence;
  const isGiven = givenIn(evidence);
  const width = labels.length;
  return labels.map((label, own) => {
    let [hits, support, given] = [0, 0, 0];
    for (let at = own; at < truth.length; at += width) {
      const taken = isGiven(at);
      if (taken) given++;
      if (truth[at]) support++;
      if (taken && truth[at]) hits++;
    }
    const share = (whole: number) => (whole === 0 ? 0 : hits / whole);
    return {
      label,
      support,
      predicted: given,
      precision: share(given),
      recall: share(support),
      f1: share((support + given) / 2),
    };
  });
}
