import { headFeature, pooledFeature, type Backbone, type Head, type Tensors } from '@headstart/core/network';
import { reshape, slice, squeeze, type Tensor2D } from '@tensorflow/tfjs-core';

/**
 * A head without weights: texts are known by the backbone's own vectors, which is what `embed` and an exported
 * encoder give. What they come to is named by `outputs`.
 */
export function textVectorsHead(backbone: Backbone, outputs: (vectors: Tensor2D) => Tensors): Head {
  const feature = headFeature(backbone);
  return {
    name: 'head',
    variables: [],
    forward: (inputs) => outputs(pooledFeature(feature, inputs)),
    initialise: () => {},
  };
}

/** The vectors of first and second texts, `[pairs, width]` each, from those of pairs laid one after another. */
export function pairsOf(vectors: Tensor2D): { first: Tensor2D; second: Tensor2D } {
  const [rows, width] = vectors.shape;
  const pairs = reshape(vectors, [rows / 2, 2, width]);
  const part = (index: number) => squeeze<Tensor2D>(slice(pairs, [0, index, 0], [rows / 2, 1, width]), [1]);
  return { first: part(0), second: part(1) };
}
