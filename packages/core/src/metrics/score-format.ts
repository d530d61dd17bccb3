import { shown } from '@headstart/artifacts/errors';
import type { EvidenceFormat } from './evidence-format.ts';
import { ranks } from './correlation.ts';
import { itemsInvalid, numberColumn } from './item-columns.ts';
import { measureMetrics } from './metric-report.ts';
import { scoreMetrics } from './score-evaluator.ts';

/**
 * A predicted and a true number for each item. An item scores 1 / (1 + |predicted - true|); where only their order is
 * compared, 1 less the distance of its two ranks as a share of the farthest there can be.
 */
export const scoreFormat: EvidenceFormat<'scores'> = {
  kind: 'scores',
  write: ({ predicted, truth, compared }) => ({
    shared: compared === undefined ? {} : { compared },
    columns: [
      { name: 'truth', type: 'float32', values: Array.from(truth) },
      { name: 'predicted', type: 'float32', values: Array.from(predicted) },
    ],
  }),
  read(items) {
    const { compared } = items.shared;
    if (compared !== undefined && compared !== 'value' && compared !== 'order')
      throw itemsInvalid(items, `${shown(compared)} is nothing that scores are compared by`);
    return {
      ...(compared !== undefined && { compared }),
      truth: Float32Array.from(numberColumn(items, 'truth', 'float32')),
      predicted: Float32Array.from(numberColumn(items, 'predicted', 'float32')),
    };
  },
  measure: (evidence, registered = []) => measureMetrics([...scoreMetrics, ...registered], evidence),
  scores({ predicted, truth, compared }) {
    if (compared !== 'order') return Float64Array.from(truth, (own, i) => 1 / (1 + Math.abs(predicted[i]! - own)));
    const [own, given] = [ranks(truth), ranks(predicted)];
    const farthest = Math.max(1, truth.length - 1);
    return own.map((rank, i) => 1 - Math.abs(rank - given[i]!) / farthest);
  },
};
