import { HeadstartError } from '@headstart/artifacts/errors';
import type { Evaluator, MetricReport, ReportOptions } from './evaluator.ts';
import { eachLikeness } from './each-likeness.ts';
import { joined } from './joined.ts';
import type { Metric, RetrievalEvidence } from './metric.ts';
import { computedOnce, metricReport } from './metric-report.ts';
import { resampledMean, resampledShare } from './resampling.ts';

const samplesOf = ({ ranks }: RetrievalEvidence) => ranks.length;

const recallAt = (k: number): Metric<'retrieval'> =>
  computedOnce(samplesOf, {
    id: `recallAt${k}`,
    kind: 'retrieval',
    description: `Share of queries whose own candidate is among the first ${k}`,
    resampled: ({ ranks }) => resampledShare(ranks.map((rank) => (rank < k ? 1 : 0))),
  });

/** How well queries find their own among all candidates. */
export const retrievalMetrics: readonly Metric<'retrieval'>[] = [
  recallAt(1),
  recallAt(5),
  recallAt(10),
  computedOnce(samplesOf, {
    id: 'mrr',
    kind: 'retrieval',
    description: 'Mean reciprocal rank of the own candidate: 1 at the top, 1/2 in second place, …',
    resampled: ({ ranks }) => resampledMean(Float64Array.from(ranks, (rank) => 1 / (rank + 1))),
  }),
];

/**
 * For each query the number of candidates that are more alike to it, by cosine, than its own, which is
 * the candidate of the same index; of candidates just as alike, those before it count. Both are
 * `[n, width]`, row-major. Runs on the active backend.
 */
export async function retrievalRanks(
  queries: Float32Array,
  candidates: Float32Array,
  width: number,
): Promise<Int32Array> {
  const ranks = new Int32Array(candidates.length / width);
  await eachLikeness(queries, candidates, width, (query, alike) => (ranks[query] = rankOf(alike, query)));
  return ranks;
}

function rankOf(alike: ArrayLike<number>, own: number): number {
  let before = 0;
  for (let j = 0; j < alike.length; j++) if (alike[j]! > alike[own]! || (alike[j] === alike[own] && j < own)) before++;
  return before;
}

/** Recall at 1, 5 and 10 and the mean reciprocal rank of pairs of embeddings, `[n, width]` each. */
export async function retrievalReport(
  queries: Float32Array,
  candidates: Float32Array,
  width: number,
  options?: ReportOptions,
): Promise<MetricReport> {
  const ranks = await retrievalRanks(queries, candidates, width);
  return metricReport(retrievalMetrics, { ranks }, ranks.length, options);
}

/** Where a retrieval evaluator finds the two embeddings of each pair. */
export interface RetrievalOutputs {
  /** Names of two outputs with embeddings, `[batch, width]`; row i of one belongs to row i of the other. */
  readonly queries: string;
  readonly candidates: string;
}

/**
 * Gathers pairs of embeddings over a split: each query should find its own candidate among those of the
 * whole split.
 */
export function retrievalEvaluator({ queries, candidates }: RetrievalOutputs): Evaluator {
  const gathered: { queries: Float32Array[]; candidates: Float32Array[] } = { queries: [], candidates: [] };
  let width = 0;
  let ranks: Int32Array = new Int32Array(0);
  return {
    async add(outputs) {
      const [from, to] = [outputs[queries]!, outputs[candidates]!];
      if (from.rank !== 2 || from.shape.join() !== to.shape.join()) {
        throw new HeadstartError({
          code: 'internal',
          message: `Embeddings of shapes [${from.shape.join(', ')}] and [${to.shape.join(', ')}] do not pair up.`,
          hint: 'Give two outputs [batch, width].',
        });
      }
      width = from.shape[1]!;
      const [a, b] = await Promise.all([from.data<'float32'>(), to.data<'float32'>()]);
      gathered.queries.push(Float32Array.from(a));
      gathered.candidates.push(Float32Array.from(b));
    },
    async finish() {
      if (width > 0)
        ranks = await retrievalRanks(
          joined(gathered.queries, Float32Array),
          joined(gathered.candidates, Float32Array),
          width,
        );
    },
    reports: retrievalMetrics.map(({ id }) => id),
    evidence: () => ({ kind: 'retrieval', evidence: { ranks } }),
    report: (options) => metricReport(retrievalMetrics, { ranks }, ranks.length, options),
  };
}
