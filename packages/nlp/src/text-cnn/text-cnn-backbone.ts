import {
  assignValues,
  Convolution,
  disposeStages,
  dropout,
  Embedding,
  layerStage,
  normal,
  stageInput,
  type ForwardMode,
  type Stage,
  type Tensors,
} from '@headstart/core/network';
import { RandomStream } from '@headstart/core';
import { cast, concat, expandDims, max, mul, relu, squeeze } from '@tensorflow/tfjs-core';
import type { TextBackbone } from '../texts/text-backbone.ts';
import { TokenInputs } from '../tokens/token-inputs.ts';
import { wordLimit, type WordVocabulary } from './word-vocabulary.ts';

/** Words that a filter sees, and filters of each width. */
const WIDTHS = [3, 4, 5] as const;
const FILTERS = 100;
const DROPOUT = 0.5;
/** Spread of fresh word vectors: uniform in ±0.25 in the paper, a normal of that variance here. */
const WORD_STANDARD_DEVIATION = 0.25 / Math.sqrt(3);

export interface TextCnnOptions {
  readonly vocabulary: WordVocabulary;
  /** Numbers in a word's vector. */
  readonly width: number;
  /** Whether the words' vectors stay as they are while the rest learns ("static" in the paper). */
  readonly frozenWords: boolean;
  /** `[words, width]`; zeros until weights are loaded or drawn where absent. */
  readonly vectors?: Float32Array;
}

/**
 * A convolutional network over word vectors (Kim, 2014): filters over 3, 4 and 5 words, 100 of each, ReLU, the largest
 * value of each over the text, dropout. Stages `words` and `convolutions`; `pooled` is `[batch, 300]`, and the head is the
 * fully connected layer. Frozen words are a part of the stage that uses them, since a stage of their own would have nothing
 * to learn. Filters have no published weights: they start from one fixed draw.
 */
export function textCnnBackbone({ vocabulary, width, frozenWords, vectors }: TextCnnOptions): TextBackbone {
  const texts = new TokenInputs(vocabulary, wordLimit(vocabulary), { vocabulary: vocabulary.size, padId: 0, types: 0 });
  const words = new Embedding({
    name: 'words.weight',
    rows: vocabulary.size,
    width,
    frozen: frozenWords,
    decay: false,
    initialiser: normal(WORD_STANDARD_DEVIATION),
  });
  const filters = WIDTHS.map((span) => filtersOf(span, width));
  if (vectors) assignValues(words.rows, vocabulary.table(vectors, width));
  for (const layer of filters) layer.initialise(new RandomStream('text-cnn'));
  const embed = (inputs: Tensors): Tensors => {
    const mask = stageInput(inputs, 'mask');
    const embedded = words.forward(stageInput(inputs, 'ids'));
    return { embedded: mul(embedded, expandDims(cast(mask, 'float32'), 2)), mask: mask.clone() };
  };
  const convolve = (inputs: Tensors, { training, random }: ForwardMode): Tensors => {
    const map = expandDims(stageInput(inputs, 'embedded'), 2);
    const mask = expandDims(cast(stageInput(inputs, 'mask'), 'float32'), 2);
    // After ReLU nothing is below zero, so that zeros at padding are never the largest.
    const pooled = concat(
      filters.map((layer) => max(mul(squeeze(layer.forward(map), [2]), mask), 1)),
      1,
    );
    return { pooled: training && random ? dropout(pooled, DROPOUT, random) : pooled };
  };
  const stages: Stage[] = frozenWords
    ? [layerStage('convolutions', [words, ...filters], (inputs, mode) => convolve(embed(inputs), mode))]
    : [layerStage('words', [words], embed), layerStage('convolutions', filters, convolve)];
  return {
    architecture: `text-cnn/1:${vocabulary.size}x${width}:${WIDTHS.join('-')}x${FILTERS}${frozenWords ? ':static' : ''}`,
    input: { tensors: texts.specs, preprocessing: { vocabulary: vocabulary.digest, length: vocabulary.longest } },
    stages,
    features: [
      { name: 'pooled', stage: 'convolutions', tensor: 'pooled', shape: [FILTERS * WIDTHS.length], kind: 'vector' },
    ],
    texts,
    assets: {
      'words.json': Buffer.from(JSON.stringify({ width, length: vocabulary.longest, words: vocabulary.words })),
    },
    tuning: { learningRate: 1e-3, headLearningRate: 1e-3 },
    dispose: () => disposeStages(stages),
  };
}

/** One-dimensional convolution over the text, "same" padding. Kernel `[span, 1, width, filters]`. */
function filtersOf(span: number, width: number): Convolution {
  return new Convolution({
    kernel: `convolution${span}.weight`,
    bias: `convolution${span}.bias`,
    size: [span, 1],
    inputs: width,
    outputs: FILTERS,
    activation: relu,
  });
}
