import type { Backbone, Stage } from '@headstart/core/network';
import type { ImagePreprocessing } from './image-preprocessing.ts';

/** The input of a network that takes one picture a sample: `image`, `[batch, height, width, channels]`. */
export function imageInput(preprocessing: ImagePreprocessing): Backbone<ImagePreprocessing>['input'] {
  const { height, width, channels } = preprocessing;
  return { tensors: { image: { shape: [height, width, channels], dtype: 'float32' } }, preprocessing };
}

/** Frees the variables of the stages. */
export function disposeStages(stages: readonly Stage[]): void {
  for (const { variables } of stages) for (const { value } of variables) value.dispose();
}
