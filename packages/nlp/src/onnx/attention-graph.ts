import type { OnnxGraph } from '@headstart/core/export';
import type { EncoderConfig } from '../encoders/encoder-config.ts';
import type { LayerNames } from '../encoders/variable-names.ts';
import type { CheckpointWeights } from './checkpoint-weights.ts';
import { addActivation, addDense, addNorm } from './graph-layers.ts';

export interface AttentionLayer {
  readonly config: EncoderConfig;
  readonly names: LayerNames;
  readonly weights: CheckpointWeights;
  /** `[batch, sequence, hidden]` */
  readonly hidden: string;
  /** To be added to scores: `[batch, 1, 1, sequence]`. */
  readonly mask: string;
  /** To be added to scores: `[heads, sequence, sequence]`. */
  readonly distances?: string;
  /** The layer's own name for its output. */
  readonly output?: string;
}

/** One layer of the encoder (Vaswani et al., 2017): attention and two dense layers, each added to its input and normalised. */
export function attentionLayer(
  graph: OnnxGraph,
  { config, names, weights, hidden, mask, distances, output }: AttentionLayer,
): string {
  const { width, heads, inner, epsilon, activation } = config;
  const size = width / heads;
  const split = (name: string, perm: readonly number[]) => {
    const projected = addDense(graph, weights, name, hidden, width);
    const parted = graph.add('Reshape', [projected, graph.integers(0, 0, heads, size)]);
    return graph.add('Transpose', [parted], { perm: { ints: perm } });
  };
  const query = split(names.query, [0, 2, 1, 3]);
  const key = split(names.key, [0, 2, 3, 1]);
  const value = split(names.value, [0, 2, 1, 3]);
  const scaled = graph.add('Div', [graph.add('MatMul', [query, key]), graph.scalar(Math.sqrt(size))]);
  const biased = distances === undefined ? scaled : graph.add('Add', [scaled, distances]);
  const attention = graph.add('Softmax', [graph.add('Add', [biased, mask])], { axis: { int: -1 } });
  const parted = graph.add('Transpose', [graph.add('MatMul', [attention, value])], { perm: { ints: [0, 2, 1, 3] } });
  const joined = graph.add('Reshape', [parted, graph.integers(0, 0, width)]);
  const context = addDense(graph, weights, names.attentionOutput, joined, width);
  const attended = addNorm(
    graph,
    weights,
    names.attentionNorm,
    { width, epsilon },
    graph.add('Add', [context, hidden]),
  );

  const up = addDense(graph, weights, names.up, attended, width);
  const down = addDense(graph, weights, names.down, addActivation(graph, activation, up), inner);
  return addNorm(graph, weights, names.norm, { width, epsilon }, graph.add('Add', [down, attended]), output);
}
