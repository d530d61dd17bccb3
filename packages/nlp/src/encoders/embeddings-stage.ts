import { add, clone, reshape, slice, tile, type Tensor } from '@tensorflow/tfjs-core';
import {
  dropout,
  Embedding,
  LayerNorm,
  layerStage,
  normal,
  stageInput,
  type Layer,
  type Stage,
} from '@headstart/core/network';
import type { EncoderConfig } from './encoder-config.ts';
import { relativeBias } from './relative-positions.ts';
import { EMBEDDING_NAMES } from './variable-names.ts';

/** The stage `embeddings`, and what attention adds to its scores beside the mask. */
export interface Embeddings {
  readonly stage: Stage;
  readonly bias: ((length: number) => Tensor) | undefined;
}

/**
 * Words, positions and segments, added and normalised: from `ids`, `mask` and (where there are
 * segments) `types`, each `[batch, length]`, to `hidden` `[batch, length, width]`, with `mask` handed on.
 * @param window what is longer is so many windows of this length, each with positions of its own
 * @param frozenWords whether the words' vectors stay as they are while the rest learns
 */
export function embeddingsStage(config: EncoderConfig, window: number, frozenWords: boolean): Embeddings {
  const { vocabulary, width, positions, types, relativeBuckets, heads, epsilon, initialStandardDeviation } = config;
  const table = (name: string, rows: number, columns: number, frozen = false) =>
    new Embedding({ name, rows, width: columns, frozen, initialiser: normal(initialStandardDeviation) });
  const words = table(EMBEDDING_NAMES.words, vocabulary, width, frozenWords);
  const places = table(EMBEDDING_NAMES.positions, positions, width);
  const segments = types > 0 ? table(EMBEDDING_NAMES.types, types, width) : undefined;
  const relative = relativeBuckets > 0 ? table(EMBEDDING_NAMES.relativePositions, relativeBuckets, heads) : undefined;
  const norm = new LayerNorm(EMBEDDING_NAMES.norm, width, epsilon);
  const layers: Layer[] = [words, places, segments, norm, relative].filter((layer) => layer !== undefined);
  const stage = layerStage('embeddings', layers, (inputs, { training, random }) => {
    const ids = stageInput(inputs, 'ids');
    const [batch, length] = ids.shape as [number, number];
    const span = Math.min(length, window);
    const inWindow = slice(places.rows.value as Tensor, [config.firstPosition, 0], [span, width]);
    let sum = add(words.forward(ids), span < length ? tile(inWindow, [length / span, 1]) : inWindow);
    // With one segment only (RoBERTa) every token is of it.
    if (segments && types === 1) sum = add(sum, reshape(segments.rows.value, [width]));
    else if (segments) sum = add(sum, segments.forward(stageInput(inputs, 'types')));
    const normalised = norm.forward(reshape(sum, [batch * length, width]));
    const hidden = training && random ? dropout(normalised, config.dropout, random) : normalised;
    return { hidden: reshape(hidden, [batch, length, width]), mask: clone(stageInput(inputs, 'mask')) };
  });
  return { stage, bias: relative && ((length) => relativeBias(relative, length)) };
}
