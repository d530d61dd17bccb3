import { ELEMENT_TYPE, OnnxGraph } from '@headstart/core/export';
import type { EncoderConfig } from '../encoders/encoder-config.ts';
import type { PoolingOptions } from '../encoders/pooling.ts';
import { relativeBucket } from '../encoders/relative-positions.ts';
import { EMBEDDING_NAMES, layerNames } from '../encoders/variable-names.ts';
import { attentionLayer } from './attention-graph.ts';
import type { CheckpointWeights } from './checkpoint-weights.ts';
import { addNorm } from './graph-layers.ts';
import { poolSentence } from './pooling-graph.ts';

/** An affine function: `x kernel + bias`. */
export interface AffineLayer {
  /** `[inputs, outputs]`, row-major. */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** Classes by a linear function of the pooled text, or of what a bottleneck gives of it. */
export interface Classifier {
  /** Gives `relu(x kernel + bias)` of the text's vector. */
  readonly bottleneck?: AffineLayer;
  /** Gives the logits. */
  readonly linear: AffineLayer;
}

export interface EncoderGraphOptions {
  readonly config: EncoderConfig;
  /** By the names of the encoder's variables. */
  readonly weights: CheckpointWeights;
  readonly pooling: PoolingOptions;
  /** Present: the graph gives `logits`. Absent: `last_hidden_state` and `sentence_embedding`. */
  readonly classifier?: Classifier;
}

const BATCH = 'batch_size';
const LENGTH = 'sequence_length';
/** The names of a classifier's weights in the graph begin with this. */
export const CLASSIFIER = 'classifier.';

/**
 * An encoder of the BERT family as an ONNX graph, batch and length left open. Inputs are what tokenizers give:
 * `input_ids`, `attention_mask` and, where the model has segments, `token_type_ids`, each int64
 * `[batch_size, sequence_length]`. Outputs are those that transformers.js looks for: `logits`
 * `[batch_size, classes]`, or `last_hidden_state` `[batch_size, sequence_length, width]` and `sentence_embedding`
 * `[batch_size, width]`.
 *
 * Operations come in the order in which PyTorch writes them, which onnxruntime's optimiser knows to fuse.
 *
 * @throws HeadstartError `weights-mismatch`
 */
export function encoderGraph({ config, weights, pooling, classifier }: EncoderGraphOptions): OnnxGraph {
  const graph = new OnnxGraph();
  const shape = [BATCH, LENGTH];
  const ids = graph.input({ name: 'input_ids', type: 'int64', shape });
  const mask = graph.input({ name: 'attention_mask', type: 'int64', shape });
  const types = config.types > 1 ? graph.input({ name: 'token_type_ids', type: 'int64', shape }) : undefined;

  const places = countTokens(graph, ids);
  let hidden = embed(graph, { config, weights, ids, types, places });
  const added = additiveMask(graph, mask);
  const distances = config.relativeBuckets > 0 ? relativeBias(graph, config, weights, ids) : undefined;
  for (let i = 0; i < config.layers; i++) {
    const output = i === config.layers - 1 ? 'last_hidden_state' : undefined;
    hidden = attentionLayer(graph, {
      config,
      names: layerNames(config.family, i),
      weights,
      hidden,
      mask: added,
      distances,
      output,
    });
  }
  const { width } = config;
  const pooled = poolSentence(graph, { hidden, mask, pooling, output: classifier ? undefined : 'sentence_embedding' });
  if (classifier) {
    classify(graph, classifier, pooled);
    graph.output({ name: 'logits', type: 'float32', shape: [BATCH, classifier.linear.bias.length] });
  } else {
    graph.output({ name: 'last_hidden_state', type: 'float32', shape: [...shape, width] });
    graph.output({ name: 'sentence_embedding', type: 'float32', shape: [BATCH, width] });
  }
  return graph;
}

/** Adds the classifier, whose outputs are called `logits`. */
function classify(graph: OnnxGraph, { bottleneck, linear }: Classifier, pooled: string): void {
  const affine = (name: string, x: string, { kernel, bias }: AffineLayer, output?: string) => {
    const shape = [kernel.length / bias.length, bias.length];
    const product = graph.add('MatMul', [x, graph.weight(`${name}weight`, { shape, values: kernel })]);
    const offset = graph.weight(`${name}bias`, { shape: [bias.length], values: bias });
    return graph.add('Add', [product, offset], {}, output);
  };
  const below = bottleneck && graph.add('Relu', [affine(`${CLASSIFIER}bottleneck.`, pooled, bottleneck)]);
  affine(CLASSIFIER, below ?? pooled, linear, 'logits');
}

/**
 * 0, 1, 2, … for each text: int64 `[batch, length]`. Counted in the shape of the ids, rather than as a range, so that
 * shape inference knows the shape of all that follows.
 */
function countTokens(graph: OnnxGraph, ids: string): string {
  const ones = graph.add('Add', [graph.add('Sub', [ids, ids]), graph.integer(1)]);
  return graph.add('CumSum', [ones, graph.integer(1)], { exclusive: { int: 1 } });
}

interface EmbeddingInputs {
  readonly config: EncoderConfig;
  readonly weights: CheckpointWeights;
  readonly ids: string;
  readonly types: string | undefined;
  readonly places: string;
}

/** Sum of the embeddings of word, segment and position, normalised. */
function embed(graph: OnnxGraph, { config, weights, ids, types, places }: EmbeddingInputs): string {
  const { width, epsilon, firstPosition } = config;
  const rows = (name: string, index: string) =>
    graph.add('Gather', [graph.weight(name, weights.matrix(name, width)), index]);
  let sum = rows(EMBEDDING_NAMES.words, ids);
  // With one segment only (RoBERTa) every token is of it.
  if (config.types > 0) sum = graph.add('Add', [sum, rows(EMBEDDING_NAMES.types, types ?? graph.integer(0))]);
  const positions = firstPosition === 0 ? places : graph.add('Add', [places, graph.integer(firstPosition)]);
  sum = graph.add('Add', [sum, rows(EMBEDDING_NAMES.positions, positions)]);
  return addNorm(graph, weights, EMBEDDING_NAMES.norm, { width, epsilon }, sum);
}

/** 0 where a token is real and -10000 where it is padding: `[batch, 1, 1, length]`, to be added to scores. */
function additiveMask(graph: OnnxGraph, mask: string): string {
  const spread = graph.add('Unsqueeze', [graph.add('Unsqueeze', [mask, graph.integers(1)]), graph.integers(2)]);
  const padding = graph.add('Sub', [graph.scalar(1), graph.cast(spread, ELEMENT_TYPE.float32)]);
  return graph.add('Mul', [padding, graph.scalar(-10000)]);
}

/**
 * MPNet's bias by distance between query and key: `[heads, length, length]`. Buckets are worked out here, for every
 * distance that can occur; the graph looks up rows.
 */
function relativeBias(graph: OnnxGraph, config: EncoderConfig, weights: CheckpointWeights, ids: string): string {
  const { heads, relativeBuckets, positions, firstPosition } = config;
  const name = EMBEDDING_NAMES.relativePositions;
  const { values } = weights.matrix(name, heads);
  const longest = positions - firstPosition;
  const table = new Float32Array((2 * longest - 1) * heads);
  for (let row = 0; row < 2 * longest - 1; row++) {
    const from = relativeBucket(longest - 1, row, relativeBuckets) * heads;
    table.set((values as Float32Array).subarray(from, from + heads), row * heads);
  }
  const byDistance = graph.weight(`${name}.by_distance`, { shape: [2 * longest - 1, heads], values: table });
  const length = graph.add('Gather', [graph.add('Shape', [ids]), graph.integer(1)]);
  const range = graph.add('Range', [graph.integer(0), length, graph.integer(1)]);
  const [keys, queries] = [0, 1].map((axis) => graph.add('Unsqueeze', [range, graph.integers(axis)]));
  const row = graph.add('Add', [graph.add('Sub', [keys!, queries!]), graph.integer(longest - 1)]);
  return graph.add('Transpose', [graph.add('Gather', [byDistance, row])], { perm: { ints: [2, 0, 1] } });
}
