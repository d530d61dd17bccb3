import type { CheckpointWeights } from './checkpoint-weights.ts';
import type { EncoderLayout, LayerNames } from './encoder-layout.ts';
import { addActivation, addDense, addNorm } from './graph-layers.ts';
import type { OnnxGraph } from './onnx-graph.ts';

export interface AttentionLayer {
  readonly layout: EncoderLayout;
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
export function attentionLayer(graph: OnnxGraph, { layout, names, weights, hidden, mask, distances, output }: AttentionLayer): string {
  const { hiddenSize, heads, activation } = layout;
  const width = hiddenSize / heads;
  const split = (name: string, perm: readonly number[]) => {
    const projected = addDense(graph, weights, name, hidden, hiddenSize);
    const parted = graph.add('Reshape', [projected, graph.integers(0, 0, heads, width)]);
    return graph.add('Transpose', [parted], { perm: { ints: perm } });
  };
  const query = split(names.query, [0, 2, 1, 3]);
  const key = split(names.key, [0, 2, 3, 1]);
  const value = split(names.value, [0, 2, 1, 3]);
  const scaled = graph.add('Div', [graph.add('MatMul', [query, key]), graph.scalar(Math.sqrt(width))]);
  const biased = distances === undefined ? scaled : graph.add('Add', [scaled, distances]);
  const attention = graph.add('Softmax', [graph.add('Add', [biased, mask])], { axis: { int: -1 } });
  const parted = graph.add('Transpose', [graph.add('MatMul', [attention, value])], { perm: { ints: [0, 2, 1, 3] } });
  const joined = graph.add('Reshape', [parted, graph.integers(0, 0, hiddenSize)]);
  const context = addDense(graph, weights, names.context, joined, hiddenSize);
  const attended = addNorm(graph, layout, weights, names.contextNorm, graph.add('Add', [context, hidden]));

  const inner = addDense(graph, weights, names.inner, attended, hiddenSize);
  const innerSize = graph.constants.get(`${names.inner}.weight`)!.shape[1]!;
  const outer = addDense(graph, weights, names.outer, addActivation(graph, activation, inner), innerSize);
  return addNorm(graph, layout, weights, names.outerNorm, graph.add('Add', [outer, attended]), output);
}
