import { ELEMENT_TYPE, type OnnxGraph } from '@headstart/core/export';
import type { Pooling, PoolingOptions } from '../encoders/pooling.ts';

export interface SentencePooling {
  /** `[batch, length, width]` */
  readonly hidden: string;
  /** int64 `[batch, length]`: 1 for tokens, 0 for padding, which follows them. */
  readonly mask: string;
  readonly pooling: PoolingOptions;
  /** The value's own name. */
  readonly output?: string;
}

/** Lengths below this are taken for it. */
const LEAST_LENGTH = 1e-12;
const LEAST_FLOAT = -3.4028234663852886e38;

/** What the stage `pool` computes: `[batch, width]`, of length 1 where asked for. */
export function poolSentence(
  graph: OnnxGraph,
  { hidden, mask, pooling: { pooling, normalise }, output }: SentencePooling,
): string {
  const pooled = poolTokens(graph, hidden, mask, pooling, normalise ? undefined : output);
  if (!normalise) return pooled;
  const length = graph.add('ReduceL2', [pooled], { axes: { ints: [-1] }, keepdims: { int: 1 } });
  return graph.add('Div', [pooled, graph.add('Max', [length, graph.scalar(LEAST_LENGTH)])], {}, output);
}

function poolTokens(
  graph: OnnxGraph,
  hidden: string,
  mask: string,
  pooling: Pooling,
  output: string | undefined,
): string {
  if (pooling === 'cls') return graph.add('Gather', [hidden, graph.integer(0)], { axis: { int: 1 } }, output);
  if (pooling === 'max') {
    const real = graph.cast(graph.add('Unsqueeze', [mask, graph.integers(2)]), ELEMENT_TYPE.bool);
    const kept = graph.add('Where', [real, hidden, graph.scalar(LEAST_FLOAT)]);
    return graph.add('ReduceMax', [kept], { axes: { ints: [1] }, keepdims: { int: 0 } }, output);
  }
  const weight = graph.cast(tokenWeights(graph, mask, pooling), ELEMENT_TYPE.float32);
  const sum = graph.add('Max', [
    graph.add('ReduceSum', [weight, graph.integers(1)], { keepdims: { int: 1 } }),
    graph.scalar(1),
  ]);
  const share = graph.add('Div', [weight, sum]);
  const parts = graph.add('Mul', [hidden, graph.add('Unsqueeze', [share, graph.integers(2)])]);
  return graph.add('ReduceSum', [parts, graph.integers(1)], { keepdims: { int: 0 } }, output);
}

/** How much each token counts, as whole numbers or truths. */
function tokenWeights(graph: OnnxGraph, mask: string, pooling: Exclude<Pooling, 'cls' | 'max'>): string {
  if (pooling === 'mean') return mask;
  const place = graph.add('Mul', [graph.add('CumSum', [mask, graph.integer(1)]), mask]);
  if (pooling === 'weighted-mean') return place;
  const last = graph.add('ReduceSum', [mask, graph.integers(1)], { keepdims: { int: 1 } });
  // An empty mask has no last token: without padding's place 0 the two would be equal everywhere.
  return graph.add('And', [graph.add('Equal', [place, last]), graph.cast(mask, ELEMENT_TYPE.bool)]);
}
