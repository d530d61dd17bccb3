import { attentionLayer } from './attention-graph.ts';
import { transpose, type CheckpointWeights } from './checkpoint-weights.ts';
import type { EncoderLayout } from './encoder-layout.ts';
import { addNorm } from './graph-layers.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { ELEMENT_TYPE } from './onnx-messages.ts';
import { poolSentence, type PoolingKind } from './pooling-graph.ts';

/** Classes by a linear function of the pooled text: `logits = x W^T + b`. */
export interface LinearHead {
  /** `[labels, hidden size]`, row-major. */
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

export interface EncoderGraphOptions {
  readonly layout: EncoderLayout;
  /** By the checkpoint's names, kernels `[outputs, inputs]`. */
  readonly weights: CheckpointWeights;
  readonly pooling: PoolingKind;
  /** Whether the pooled vector is brought to length 1, for embeddings and heads alike. */
  readonly normalise: boolean;
  /** Present: the graph gives `logits`. Absent: `last_hidden_state` and `sentence_embedding`. */
  readonly head?: LinearHead;
}

const BATCH = 'batch_size';
const SEQUENCE = 'sequence_length';

/**
 * An encoder of the BERT family as an ONNX graph, batch and length left open. Inputs are what tokenizers give:
 * `input_ids`, `attention_mask` and, where the model has segments, `token_type_ids`, each int64
 * `[batch_size, sequence_length]`. Outputs are those that transformers.js looks for: `logits`
 * `[batch_size, labels]`, or `last_hidden_state` `[batch_size, sequence_length, hidden]` and `sentence_embedding`
 * `[batch_size, hidden]`.
 *
 * Operations come in the order in which PyTorch writes them, which onnxruntime's optimiser knows to fuse.
 *
 * @throws HeadstartError `weights-mismatch`
 */
export function encoderGraph({ layout, weights, pooling, normalise, head }: EncoderGraphOptions): OnnxGraph {
  const graph = new OnnxGraph();
  const shape = [BATCH, SEQUENCE];
  const ids = graph.input({ name: 'input_ids', type: 'int64', shape });
  const mask = graph.input({ name: 'attention_mask', type: 'int64', shape });
  const types = layout.tokenTypes === 'input' ? graph.input({ name: 'token_type_ids', type: 'int64', shape }) : undefined;

  let hidden = embed(graph, layout, weights, ids, types);
  const bias = additiveMask(graph, mask);
  const distances = layout.relativeBias && relativeBias(graph, layout, weights, ids);
  for (let i = 0; i < layout.layers; i++) {
    const last = i === layout.layers - 1;
    hidden = attentionLayer(graph, { layout, names: layout.layer(i), weights, hidden, mask: bias, distances, output: last ? 'last_hidden_state' : undefined });
  }
  const pooled = poolSentence(graph, { hidden, mask, pooling, normalise, output: head ? undefined : 'sentence_embedding' });
  if (head) {
    const labels = head.bias.length;
    const product = graph.add('MatMul', [pooled, graph.weight('classifier.weight', transpose(head.weight, labels, layout.hiddenSize))]);
    graph.add('Add', [product, graph.weight('classifier.bias', { shape: [labels], values: head.bias })], {}, 'logits');
    graph.output({ name: 'logits', type: 'float32', shape: [BATCH, labels] });
  } else {
    graph.output({ name: 'last_hidden_state', type: 'float32', shape: [...shape, layout.hiddenSize] });
    graph.output({ name: 'sentence_embedding', type: 'float32', shape: [BATCH, layout.hiddenSize] });
  }
  return graph;
}

/** Sum of the embeddings of token, segment and position, normalised. */
function embed(graph: OnnxGraph, layout: EncoderLayout, weights: CheckpointWeights, ids: string, types: string | undefined): string {
  const table = (name: string) => graph.weight(name, weights.matrix(name, layout.hiddenSize));
  let sum = graph.add('Gather', [table('embeddings.word_embeddings.weight'), ids]);
  const segment = 'embeddings.token_type_embeddings.weight';
  if (types !== undefined) sum = graph.add('Add', [sum, graph.add('Gather', [table(segment), types])]);
  if (layout.tokenTypes === 'first') sum = graph.add('Add', [sum, graph.add('Gather', [table(segment), graph.integer(0)])]);
  const positions = graph.add('Gather', [table('embeddings.position_embeddings.weight'), positionIds(graph, layout, ids)]);
  return addNorm(graph, layout, weights, 'embeddings.LayerNorm', graph.add('Add', [sum, positions]));
}

/** Length of the sequence, as a scalar. */
function sequenceLength(graph: OnnxGraph, ids: string): string {
  return graph.add('Gather', [graph.add('Shape', [ids]), graph.integer(1)]);
}

function range(graph: OnnxGraph, end: string): string {
  return graph.add('Range', [graph.integer(0), end, graph.integer(1)]);
}

function positionIds(graph: OnnxGraph, { positions }: EncoderLayout, ids: string): string {
  if (positions.from === 'zero') {
    // Counting in the shape of the ids, rather than a range, lets shape inference know the shape of all that follows.
    const ones = graph.add('Add', [graph.add('Sub', [ids, ids]), graph.integer(1)]);
    return graph.add('CumSum', [ones, graph.integer(1)], { exclusive: { int: 1 } });
  }
  const padding = graph.integer(positions.padding);
  const real = graph.cast(graph.add('Not', [graph.add('Equal', [ids, padding])]), ELEMENT_TYPE.int64);
  const counted = graph.add('CumSum', [real, graph.integer(1)]);
  return graph.add('Add', [graph.add('Mul', [counted, real]), padding]);
}

/** 0 where a token is real and -10000 where it is padding: `[batch, 1, 1, sequence]`, to be added to scores. */
function additiveMask(graph: OnnxGraph, mask: string): string {
  const spread = graph.add('Unsqueeze', [graph.add('Unsqueeze', [mask, graph.integers(1)]), graph.integers(2)]);
  const padding = graph.add('Sub', [graph.scalar(1), graph.cast(spread, ELEMENT_TYPE.float32)]);
  return graph.add('Mul', [padding, graph.scalar(-10000)]);
}

/**
 * A bias by distance between query and key (Raffel et al., 2020, section 2.1; MPNet's buckets): `[heads, sequence,
 * sequence]`. The buckets are computed here, for every distance that can occur: the graph looks up rows.
 */
function relativeBias(graph: OnnxGraph, layout: EncoderLayout, weights: CheckpointWeights, ids: string): string {
  const { name, buckets } = layout.relativeBias!;
  const { heads, maxLength } = layout;
  const { values } = weights.matrix(name, heads);
  const rows = new Float32Array((2 * maxLength - 1) * heads);
  for (let distance = 1 - maxLength; distance < maxLength; distance++) {
    const from = relativeBucket(distance, buckets) * heads;
    rows.set((values as Float32Array).subarray(from, from + heads), (distance + maxLength - 1) * heads);
  }
  const table = graph.weight(`${name} by distance`, { shape: [2 * maxLength - 1, heads], values: rows });
  const positions = range(graph, sequenceLength(graph, ids));
  const keys = graph.add('Unsqueeze', [positions, graph.integers(0)]);
  const queries = graph.add('Unsqueeze', [positions, graph.integers(1)]);
  const index = graph.add('Add', [graph.add('Sub', [keys, queries]), graph.integer(maxLength - 1)]);
  return graph.add('Transpose', [graph.add('Gather', [table, index])], { perm: { ints: [2, 0, 1] } });
}

/** Distances from which on buckets are no longer told apart. */
const FARTHEST = 128;

/** The bucket of the distance `key - query`: half of them for each direction, exact when near, logarithmic when far. */
export function relativeBucket(distance: number, buckets: number): number {
  const half = buckets / 2;
  const exact = half / 2;
  const n = Math.abs(distance);
  const far = () => exact + Math.floor(Math.fround(Math.fround(Math.log(n / exact)) / Math.log(FARTHEST / exact)) * (half - exact));
  return (distance > 0 ? half : 0) + (n < exact ? n : Math.min(far(), half - 1));
}
