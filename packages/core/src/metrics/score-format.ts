import type { EvidenceFormat } from './evidence-format.ts';
import { numberColumn } from './item-columns.ts';
import { measureMetrics } from './metric-report.ts';
import { scoreMetrics } from './score-evaluator.ts';

/** A predicted and a true number for each item. An item scores 1 / (1 + |predicted - true|). */
export const scoreFormat: EvidenceFormat<'scores'> = {
  kind: 'scores',
  write: ({ predicted, truth }) => ({
    shared: {},
    columns: [
      { name: 'truth', type: 'float32', values: Array.from(truth) },
      { name: 'predicted', type: 'float32', values: Array.from(predicted) },
    ],
  }),
  read: (items) => ({
    truth: Float32Array.from(numberColumn(items, 'truth', 'float32')),
    predicted: Float32Array.from(numberColumn(items, 'predicted', 'float32')),
  }),
  measure: (evidence, registered = []) => measureMetrics([...scoreMetrics, ...registered], evidence),
  scores: ({ predicted, truth }) => Float64Array.from(truth, (own, i) => 1 / (1 + Math.abs(predicted[i]! - own))),
};
