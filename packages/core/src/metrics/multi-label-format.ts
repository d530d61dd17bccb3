import type { EvidenceFormat, EvidenceItems } from './evidence-format.ts';
import { asRows, itemsInvalid, jsonColumn, rowColumn, sharedLabels } from './item-columns.ts';
import type { MultiLabelEvidence } from './metric.ts';
import { measureMetrics } from './metric-report.ts';
import { givenIn, multiLabelMetrics } from './multi-label-metrics.ts';

/**
 * The indices of the labels that each item carries, as JSON, and a probability per label. An item scores 2 TP / (2 TP + FP +
 * FN) over its labels; 1 where it carries none and is given none.
 */
export const multiLabelFormat: EvidenceFormat<'multi-label'> = {
  kind: 'multi-label',
  write: ({ labels, probabilities, truth, thresholds }) => ({
    shared: { labels: [...labels], ...(thresholds && { thresholds: [...thresholds] }) },
    columns: [
      { name: 'truth', type: 'json', values: carried(truth, labels.length).map((own) => JSON.stringify(own)) },
      { name: 'probabilities', type: 'float32[]', values: asRows(probabilities, labels.length) },
    ],
  }),
  read(items) {
    const labels = sharedLabels(items);
    const rows = jsonColumn(items, 'truth');
    const truth = new Uint8Array(rows.length * labels.length);
    rows.forEach((row, i) => {
      if (!isIndices(row, labels.length)) throw itemsInvalid(items, `the labels of row ${i + 1} are none of theirs`);
      for (const label of row) truth[i * labels.length + label] = 1;
    });
    const thresholds = thresholdsOf(items, labels.length);
    return { labels, truth, probabilities: rowColumn(items, 'probabilities', labels.length), ...thresholds };
  },
  measure: (evidence, registered = []) => measureMetrics([...multiLabelMetrics, ...registered], evidence),
  scores(evidence) {
    const { labels, truth } = evidence;
    const isGiven = givenIn(evidence);
    const width = labels.length;
    return Float64Array.from({ length: width === 0 ? 0 : truth.length / width }, (_, i) => {
      let [hits, all] = [0, 0];
      for (let at = i * width; at < (i + 1) * width; at++) {
        const given = isGiven(at);
        all += Number(given) + truth[at]!;
        if (given && truth[at]) hits++;
      }
      return all === 0 ? 1 : (2 * hits) / all;
    });
  },
};

/** For each item the indices of its labels, ascending. */
function carried(truth: Uint8Array, width: number): number[][] {
  return Array.from({ length: width === 0 ? 0 : truth.length / width }, (_, i) =>
    Array.from(truth.subarray(i * width, (i + 1) * width).entries()).flatMap(([label, own]) => (own ? [label] : [])),
  );
}

function isIndices(row: unknown, count: number): row is number[] {
  return Array.isArray(row) && row.every((label) => Number.isInteger(label) && label >= 0 && label < count);
}

function thresholdsOf(items: EvidenceItems, count: number): Pick<MultiLabelEvidence, 'thresholds'> {
  const thresholds = items.shared['thresholds'];
  if (thresholds === undefined) return {};
  const whole = Array.isArray(thresholds) && thresholds.length === count && thresholds.every(Number.isFinite);
  if (!whole) throw itemsInvalid(items, 'their thresholds are not one number per label');
  return { thresholds: thresholds as number[] };
}
