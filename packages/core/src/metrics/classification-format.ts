import { classificationMetrics } from './classification-metrics.ts';
import type { EvidenceFormat } from './evidence-format.ts';
import { asRows, itemsInvalid, numberColumn, rowColumn, sharedLabels } from './item-columns.ts';
import { measureMetrics } from './metric-report.ts';
import { argmaxRows } from './softmax-rows.ts';

/** A class index and a probability per class for each item. An item scores 1 where its likeliest class is the true one. */
export const classificationFormat: EvidenceFormat<'classification'> = {
  kind: 'classification',
  write: ({ labels, probabilities, truth }) => ({
    shared: { labels: [...labels] },
    columns: [
      { name: 'truth', type: 'int32', values: Array.from(truth) },
      { name: 'probabilities', type: 'float32[]', values: asRows(probabilities, labels.length) },
    ],
  }),
  read(items) {
    const labels = sharedLabels(items);
    const truth = Int32Array.from(numberColumn(items, 'truth', 'int32'));
    const odd = truth.find((label) => label < 0 || label >= labels.length);
    if (odd !== undefined) throw itemsInvalid(items, `${odd} is none of their ${labels.length} classes`);
    return { labels, truth, probabilities: rowColumn(items, 'probabilities', labels.length) };
  },
  measure: (evidence, registered = []) => measureMetrics([...classificationMetrics, ...registered], evidence),
  scores({ labels, probabilities, truth }) {
    const predicted = argmaxRows(probabilities, labels.length);
    return Float64Array.from(truth, (label, i) => (label === predicted[i] ? 1 : 0));
  },
};
