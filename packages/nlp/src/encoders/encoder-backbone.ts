import { HeadstartError } from '@headstart/core';
import { disposeStages, type FeatureInfo, type Stage } from '@headstart/core/network';
import type { StoredTensor } from '@headstart/core/formats';
import { textTuning, type TextBackbone } from '../texts/text-backbone.ts';
import { TokenInputs } from '../tokens/token-inputs.ts';
import { checkTokenizer } from '../tokens/check-tokenizer.ts';
import { tokenLimit } from '../tokens/token-limit.ts';
import { Tokeniser } from '../tokens/tokeniser.ts';
import { embeddingsStage } from './embeddings-stage.ts';
import { encoderConfig, type EncoderConfig } from './encoder-config.ts';
import { encoderLayer } from './layer-stage.ts';
import { loadEncoderWeights } from './load-weights.ts';
import { poolStage } from './pooling.ts';
import { readingMore } from './reading-more.ts';
import type { SentenceSettings } from './sentence-settings.ts';
import { layerNames } from './variable-names.ts';

/** The text of the files that an encoder is built from; what a saved model keeps of its source. */
export interface EncoderFiles {
  readonly config: string;
  readonly tokenizer: string;
  readonly tokenizerConfig: string | undefined;
}

/** A backbone that is an encoder of tokens, with what an export needs to know. */
export interface EncoderBackbone extends TextBackbone {
  readonly encoder: { readonly config: EncoderConfig; readonly settings: SentenceSettings };
}

export interface EncoderWeights {
  readonly path: string;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** Names of the files among a backbone's assets. */
export const ENCODER_ASSETS = {
  config: 'config.json',
  tokenizer: 'tokenizer.json',
  tokenizerConfig: 'tokenizer_config.json',
  settings: 'sentence.json',
} as const;

/**
 * A BERT-like encoder as a backbone: stages `embeddings`, `layer.0` …, `pool`. Every variable has the
 * checkpoint's name, without a prefix such as `bert.`; matrices that are held transposed end in `.kernel`.
 *
 * @param elements how many numbers there are to put into it, where that is known and no weights are given
 * @throws HeadstartError `checkpoint-invalid`, `not-supported`, `weights-mismatch`
 */
export async function encoderBackbone(
  files: EncoderFiles,
  settings: SentenceSettings,
  from: string,
  weights?: EncoderWeights,
  elements?: number,
): Promise<EncoderBackbone> {
  const config = encoderConfig(parseJson(files.config, 'config.json', from), from);
  await checkTokenizer(files.tokenizer, from);
  const tokeniser = encoderTokeniser(files, settings, from);
  checkSize(config, weights ? elementsIn(weights) : elements, from);
  checkFit(config, tokeniser, settings, from);
  const limit = tokenLimit(tokeniser, readingMore(settings, config));
  const texts = new TokenInputs(tokeniser, limit, {
    vocabulary: config.vocabulary,
    padId: config.padId,
    types: config.types,
  });
  const stages = encoderStages(config, settings);
  const dispose = () => disposeStages(stages);
  try {
    if (weights)
      await loadEncoderWeights(
        weights.tensors,
        stages.flatMap(({ variables }) => variables),
        weights.path,
      );
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    architecture: architectureName(config, settings),
    input: { tensors: texts.specs, preprocessing: preprocessingOf(tokeniser, settings) },
    stages,
    features: features(config, settings),
    texts,
    encoder: { config, settings },
    assets: assetsOf(files, settings),
    tuning: { ...textTuning(config.width), adapted: attentionNames(config) },
    dispose,
  };
}

/** What cuts texts for the encoder. @throws HeadstartError `checkpoint-invalid` */
export function encoderTokeniser(
  { tokenizer, tokenizerConfig }: EncoderFiles,
  { length, windows, prefix }: SentenceSettings,
  from: string,
): Tokeniser {
  return new Tokeniser({ tokenizer, config: tokenizerConfig }, { longest: length, windows, prefix }, from);
}

function preprocessingOf({ digest }: Tokeniser, { length, windows }: SentenceSettings): object {
  return { tokenizer: digest, length, ...(windows > 1 && { windows }) };
}

function encoderStages(config: EncoderConfig, settings: SentenceSettings): Stage[] {
  const { stage, bias } = embeddingsStage(config, settings.length, settings.words === 'frozen');
  return [
    stage,
    ...Array.from({ length: config.layers }, (_, index) => encoderLayer(config, index, bias, settings.length)),
    poolStage(settings, settings.length),
  ];
}

function features({ layers, width }: EncoderConfig, { length, windows }: SentenceSettings): FeatureInfo[] {
  return [
    {
      name: 'tokens',
      stage: `layer.${layers - 1}`,
      tensor: 'hidden',
      shape: [length * windows, width],
      kind: 'sequence',
    },
    { name: 'pooled', stage: 'pool', tensor: 'pooled', shape: [width], kind: 'vector' },
  ];
}

/** What the weights of queries and values are called, to which low-rank adapters were given first (Hu et al., 2021). */
function attentionNames({ family }: EncoderConfig): string[] {
  const { query, value } = layerNames(family, 0);
  return [query, value].map((name) => name.slice(name.lastIndexOf('.') + 1));
}

/** All that the function depends on beside weights and tokens. */
function architectureName(
  { family, layers, width, heads, inner, epsilon, activation, firstPosition }: EncoderConfig,
  { pooling, normalise }: SentenceSettings,
): string {
  return `encoder/2:${family}-${layers}x${width}/${heads}x${inner}:${activation}:${epsilon}:${firstPosition}:${pooling}${normalise ? '+norm' : ''}`;
}

/** Weights of a network whose values are not there. */
const MOST_ELEMENTS = 2 ** 31;

function elementsIn({ tensors }: EncoderWeights): number {
  return [...tensors.values()].reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
}

/**
 * A network is made before its weights are put into it: one that is larger than they are would fill the memory first.
 * @throws HeadstartError `weights-mismatch`
 */
function checkSize(config: EncoderConfig, elements = MOST_ELEMENTS, from: string): void {
  const { vocabulary, positions, width, layers, inner } = config;
  const least = (vocabulary + positions) * width + layers * (4 * width * width + 2 * width * inner);
  if (least <= elements) return;
  throw new HeadstartError({
    code: 'weights-mismatch',
    message: `The config.json of ${from} describes a network of ${least} weights or more, where there are at most ${elements}.`,
    hint: 'The weights belong to another architecture than config.json describes; use the files that were published together.',
  });
}

/** @throws HeadstartError `weights-mismatch`, `invalid-option` */
function checkFit(
  { vocabulary, positions, firstPosition }: EncoderConfig,
  { size }: Tokeniser,
  { length }: SentenceSettings,
  from: string,
): void {
  if (size > vocabulary) {
    throw new HeadstartError({
      code: 'weights-mismatch',
      message: `The tokenizer of ${from} gives token ids up to ${size - 1}, but the network knows only ${vocabulary} tokens.`,
      hint: 'Use the tokenizer.json that was published with the weights.',
    });
  }
  if (length > positions - firstPosition) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `${from} takes texts of at most ${positions - firstPosition} tokens; ${length} were asked for.`,
      hint: `Give a length of at most ${positions - firstPosition}.`,
    });
  }
}

function assetsOf(
  { config, tokenizer, tokenizerConfig }: EncoderFiles,
  settings: SentenceSettings,
): Record<string, Uint8Array> {
  const texts = {
    [ENCODER_ASSETS.config]: config,
    [ENCODER_ASSETS.tokenizer]: tokenizer,
    [ENCODER_ASSETS.tokenizerConfig]: tokenizerConfig ?? '{}',
    [ENCODER_ASSETS.settings]: `${JSON.stringify(settings)}\n`,
  };
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)]));
}

/** @throws HeadstartError `checkpoint-invalid` */
export function parseJson(text: string, file: string, from: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HeadstartError({
      code: 'checkpoint-invalid',
      message: `The ${file} of ${from} is not JSON.`,
      hint: 'Fetch the model again.',
      cause,
    });
  }
}
