import type { EvidenceFormat } from './evidence-format.ts';
import { itemsInvalid, numberColumn } from './item-columns.ts';
import { measureMetrics } from './metric-report.ts';
import type { RetrievalEvidence } from './metric.ts';
import { retrievalMetrics } from './retrieval-evaluator.ts';

/** What the rank of an item is that is no query. */
const NOT_ASKED = -1;

/** The rank of what each item looks for, -1 for one that is no query. An item scores its reciprocal rank, 1 / (rank + 1). */
export const retrievalFormat: EvidenceFormat<'retrieval'> = {
  kind: 'retrieval',
  write: (evidence) => ({
    shared: {},
    columns: [{ name: 'rank', type: 'int32', values: perItem(evidence, (rank) => rank, NOT_ASKED) }],
  }),
  read(items) {
    const values = numberColumn(items, 'rank', 'int32');
    const odd = values.find((rank) => !Number.isInteger(rank) || rank < NOT_ASKED);
    if (odd !== undefined) throw itemsInvalid(items, `${odd} is no rank`);
    const ranks = Int32Array.from(values.filter((rank) => rank !== NOT_ASKED));
    return { ranks, asked: Uint8Array.from(values, (rank) => (rank === NOT_ASKED ? 0 : 1)) };
  },
  measure(evidence, registered = []) {
    const measured = measureMetrics([...retrievalMetrics, ...registered], evidence);
    const { asked } = evidence;
    if (!asked) return measured;
    return Object.fromEntries(
      Object.entries(measured).map(([name, { value, resampled }]) => [
        name,
        { value, resampled: resampled && ((counts: Int32Array) => resampled(counts.filter((_, i) => asked[i]))) },
      ]),
    );
  },
  scores: (evidence) => Float64Array.from(perItem(evidence, (rank) => 1 / (rank + 1), NaN)),
};

/** A value for each item: that of its rank, or another for those that are no query. */
function perItem({ ranks, asked }: RetrievalEvidence, of: (rank: number) => number, otherwise: number): number[] {
  if (!asked) return Array.from(ranks, of);
  let next = 0;
  return Array.from(asked, (is) => (is ? of(ranks[next++]!) : otherwise));
}
