import { add, clone, reshape, slice, type Tensor } from '@tensorflow/tfjs-core';
import { dropout, layerStage, stageInput, type Layer, type Stage } from '@headstart/core/network';
import type { EncoderConfig } from './encoder-config.ts';
import { LayerNorm } from './layers/layer-norm.ts';
import { Table } from './layers/table.ts';
import { lookUp } from './ops/look-up.ts';
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
 */
export function embeddingsStage(config: EncoderConfig): Embeddings {
  const { vocabulary, width, positions, types, relativeBuckets, heads, epsilon, initialDeviation } = config;
  const words = new Table(EMBEDDING_NAMES.words, vocabulary, width, initialDeviation);
  const places = new Table(EMBEDDING_NAMES.positions, positions, width, initialDeviation);
  const segments = types > 0 ? new Table(EMBEDDING_NAMES.types, types, width, initialDeviation) : undefined;
  const relative =
    relativeBuckets > 0
      ? new Table(EMBEDDING_NAMES.relativePositions, relativeBuckets, heads, initialDeviation)
      : undefined;
  const norm = new LayerNorm(EMBEDDING_NAMES.norm, width, epsilon);
  const layers: Layer[] = [words, places, segments, norm, relative].filter((layer) => layer !== undefined);
  const stage = layerStage('embeddings', layers, (inputs, { training, random }) => {
    const ids = stageInput(inputs, 'ids');
    const [batch, length] = ids.shape as [number, number];
    let sum = add(
      lookUp(words.rows.value, ids),
      slice(places.rows.value as Tensor, [config.firstPosition, 0], [length, width]),
    );
    // With one segment only (RoBERTa) every token is of it.
    if (segments && types === 1) sum = add(sum, reshape(segments.rows.value, [width]));
    else if (segments) sum = add(sum, lookUp(segments.rows.value, stageInput(inputs, 'types')));
    const normal = norm.forward(reshape(sum, [batch * length, width]));
    const hidden = training && random ? dropout(normal, config.dropout, random) : normal;
    return { hidden: reshape(hidden, [batch, length, width]), mask: clone(stageInput(inputs, 'mask')) };
  });
  return { stage, bias: relative && ((length) => relativeBias(relative.rows.value, length)) };
}
