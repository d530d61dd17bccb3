import {
  assignConstant,
  assignValues,
  dropout,
  layerStage,
  modelVariable,
  stageInput,
  type ForwardMode,
  type Layer,
  type ModelVariable,
  type Stage,
  type Tensors,
} from '@headstart/core/network';
import { RandomStream } from '@headstart/core';
import {
  add,
  cast,
  concat,
  conv2d,
  expandDims,
  max,
  mul,
  relu,
  squeeze,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { drawNormal } from '../encoders/layers/draw-normal.ts';
import { lookUp } from '../encoders/ops/look-up.ts';
import type { TextBackbone } from '../texts/text-backbone.ts';
import { TokenInputs } from '../tokens/token-inputs.ts';
import type { WordVocabulary } from './word-vocabulary.ts';

/** Words that a filter sees, and filters of each width. */
const WIDTHS = [3, 4, 5] as const;
const FILTERS = 100;
const DROPOUT = 0.5;
/** Spread of fresh word vectors: uniform in ±0.25 in the paper, a normal of that variance here. */
const WORD_DEVIATION = 0.25 / Math.sqrt(3);

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
  const texts = new TokenInputs(vocabulary, { vocabulary: vocabulary.size, padId: 0, types: 0 });
  const words = new WordTable(vocabulary.size, width, frozenWords);
  const filters = WIDTHS.map((span) => new Filters(span, width));
  if (vectors) assignValues(words.rows, vocabulary.table(vectors, width));
  for (const layer of filters) layer.initialise(new RandomStream('text-cnn'));
  const embed = (inputs: Tensors): Tensors => {
    const mask = stageInput(inputs, 'mask');
    const embedded = lookUp(words.rows.value, stageInput(inputs, 'ids'));
    return { embedded: mul(embedded, expandDims(cast(mask, 'float32'), 2)), mask: mask.clone() };
  };
  const convolve = (inputs: Tensors, { training, random }: ForwardMode): Tensors => {
    const [embedded, mask] = [
      stageInput(inputs, 'embedded'),
      expandDims(cast(stageInput(inputs, 'mask'), 'float32'), 2),
    ];
    // After ReLU nothing is below zero, so that zeros at padding are never the largest.
    const pooled = concat(
      filters.map((layer) => max(mul(layer.forward(embedded), mask), 1)),
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
    assets: { 'words.json': Buffer.from(JSON.stringify({ width, words: vocabulary.words })) },
    tuning: { learningRate: 1e-3, headLearningRate: 1e-3 },
    dispose: () => stages.forEach(({ variables }) => variables.forEach(({ value }) => value.dispose())),
  };
}

class WordTable implements Layer {
  readonly rows: ModelVariable;
  readonly variables: readonly ModelVariable[];

  constructor(size: number, width: number, frozen: boolean) {
    this.rows = modelVariable('words.weight', [size, width], { role: frozen ? 'statistic' : 'weight', decay: false });
    this.variables = [this.rows];
  }

  initialise(random: RandomStream): void {
    drawNormal(this.rows, WORD_DEVIATION, random);
  }
}

/** One-dimensional convolution over the text, "same" padding. */
class Filters implements Layer {
  readonly kernel: ModelVariable;
  readonly bias: ModelVariable;
  readonly variables: readonly ModelVariable[];

  constructor(
    private readonly span: number,
    private readonly width: number,
  ) {
    this.kernel = modelVariable(`convolution${span}.weight`, [span, 1, width, FILTERS], {
      role: 'weight',
      decay: true,
    });
    this.bias = modelVariable(`convolution${span}.bias`, [FILTERS], { role: 'weight', decay: false });
    this.variables = [this.kernel, this.bias];
  }

  /** @param x `[batch, length, width]`; gives `[batch, length, filters]` */
  forward(x: Tensor): Tensor {
    const map = conv2d(expandDims<Tensor4D>(x, 2), this.kernel.value as Tensor as Tensor4D, 1, 'same');
    return relu(add(squeeze<Tensor>(map, [2]), this.bias.value));
  }

  /** He's initialisation (He et al., 2015, eq. 10). */
  initialise(random: RandomStream): void {
    drawNormal(this.kernel, Math.sqrt(2 / (this.span * this.width)), random);
    assignConstant(this.bias, 0);
  }
}
