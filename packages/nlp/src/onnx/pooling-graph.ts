import type { OnnxGraph } from './onnx-graph.ts';
import { ELEMENT_TYPE } from './onnx-messages.ts';

/** How the tokens' vectors become one: see `addPooling`. */
export type PoolingKind = 'mean' | 'cls' | 'max' | 'weighted-mean' | 'last';

export interface SentencePooling {
  /** `[batch, sequence, hidden]` */
  readonly hidden: string;
  /** int64 `[batch, sequence]`: 1 for tokens, 0 for padding, which follows them. */
  readonly mask: string;
  readonly pooling: PoolingKind;
  /** Divides the vector by its Euclidean length. */
  readonly normalise: boolean;
  /** The value's own name. */
  readonly output?: string;
}

/** Lengths below this are taken for it, as PyTorch's `normalize` does. */
const LEAST_LENGTH = 1e-12;

/**
 * `[batch, hidden]`: the mean over tokens, the first token (`cls`), the largest value of each component, the mean
 * weighted by position counted from 1 (Muennighoff, 2022), or the last token.
 */
export function poolSentence(graph: OnnxGraph, { hidden, mask, pooling, normalise, output }: SentencePooling): string {
  const name = (last: boolean) => (last ? output : undefined);
  const pooled = poolTokens(graph, hidden, mask, pooling, name(!normalise));
  if (!normalise) return pooled;
  const length = graph.add('ReduceL2', [pooled], { axes: { ints: [-1] }, keepdims: { int: 1 } });
  return graph.add('Div', [pooled, graph.add('Max', [length, graph.scalar(LEAST_LENGTH)])], {}, name(true));
}

function poolTokens(graph: OnnxGraph, hidden: string, mask: string, pooling: PoolingKind, output: string | undefined): string {
  if (pooling === 'cls') return graph.add('Gather', [hidden, graph.integer(0)], { axis: { int: 1 } }, output);
  if (pooling === 'max') {
    const real = graph.cast(graph.add('Unsqueeze', [mask, graph.integers(2)]), ELEMENT_TYPE.bool);
    const kept = graph.add('Where', [real, hidden, graph.scalar(-3.4028234663852886e38)]);
    return graph.add('ReduceMax', [kept], { axes: { ints: [1] }, keepdims: { int: 0 } }, output);
  }
  const weight = graph.cast(tokenWeights(graph, mask, pooling), ELEMENT_TYPE.float32);
  const total = graph.add('ReduceSum', [weight, graph.integers(1)], { keepdims: { int: 1 } });
  const share = graph.add('Div', [weight, graph.add('Max', [total, graph.scalar(1e-9)])]);
  const parts = graph.add('Mul', [hidden, graph.add('Unsqueeze', [share, graph.integers(2)])]);
  return graph.add('ReduceSum', [parts, graph.integers(1)], { keepdims: { int: 0 } }, output);
}

/** How much each token counts. */
function tokenWeights(graph: OnnxGraph, mask: string, pooling: 'mean' | 'weighted-mean' | 'last'): string {
  if (pooling === 'mean') return mask;
  const position = graph.add('Mul', [graph.add('CumSum', [mask, graph.integer(1)]), mask]);
  if (pooling === 'weighted-mean') return position;
  const last = graph.add('ReduceMax', [position], { axes: { ints: [1] }, keepdims: { int: 1 } });
  return graph.add('Equal', [position, last]);
}
