import { eachLikeness } from './each-likeness.ts';
import type { Evaluator } from './evaluator.ts';
import { joined } from './joined.ts';
import { metricReport } from './metric-report.ts';
import { retrievalMetrics } from './retrieval-evaluator.ts';

/**
 * For each sample whose group has another one: the number of samples of other groups that are more alike to it, by
 * cosine, than the one of its own group that is most alike; as alike counts, too. In the samples' order.
 * @param embeddings `[n, width]`, row-major
 */
export async function groupRanks(embeddings: Float32Array, groups: Int32Array, width: number): Promise<Int32Array> {
  const ranks: number[] = [];
  await eachLikeness(embeddings, embeddings, width, (query, alike) => {
    let nearest = -Infinity;
    for (let i = 0; i < groups.length; i++)
      if (i !== query && groups[i] === groups[query] && alike[i]! > nearest) nearest = alike[i]!;
    if (nearest === -Infinity) return;
    let before = 0;
    for (let i = 0; i < groups.length; i++) if (groups[i] !== groups[query] && alike[i]! >= nearest) before++;
    ranks.push(before);
  });
  return Int32Array.from(ranks);
}

/** 1 for each sample whose group has another one, else 0. */
function inCompany(groups: Int32Array): Uint8Array {
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return Uint8Array.from(groups, (group) => (sizes.get(group)! > 1 ? 1 : 0));
}

/** Where a group retrieval evaluator finds embeddings and groups. */
export interface GroupRetrievalOutputs {
  /** Name of the output with embeddings, `[batch, width]`. */
  readonly embeddings: string;
  /** Name of the target with each sample's group, `[batch]`. */
  readonly groups: string;
}

/** Gathers embeddings over a split: each sample should find one of its own group before all others. */
export function groupRetrievalEvaluator({ embeddings, groups }: GroupRetrievalOutputs): Evaluator {
  const rows: Float32Array[] = [];
  const numbers: Int32Array[] = [];
  let width = 0;
  let ranks: Int32Array = new Int32Array(0);
  return {
    async add(outputs, targets) {
      width = outputs[embeddings]!.shape[1]!;
      rows.push(Float32Array.from(await outputs[embeddings]!.data<'float32'>()));
      numbers.push(Int32Array.from(await targets[groups]!.data<'int32'>()));
    },
    async finish() {
      if (width > 0) ranks = await groupRanks(joined(rows, Float32Array), joined(numbers, Int32Array), width);
    },
    reports: retrievalMetrics.map(({ id }) => id),
    evidence: () => ({ kind: 'retrieval', evidence: { ranks, asked: inCompany(joined(numbers, Int32Array)) } }),
    report: (options) => metricReport(retrievalMetrics, { ranks }, ranks.length, options),
  };
}
