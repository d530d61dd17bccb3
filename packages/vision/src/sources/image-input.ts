import type { InputSpec } from '@headstart/core/network';
import type { ImagePreprocessing } from './image-preprocessing.ts';

/** The input of a network that takes one picture a sample: `image`, `[batch, height, width, channels]`. */
export function imageInput(preprocessing: ImagePreprocessing): InputSpec<ImagePreprocessing> {
  const { height, width, channels } = preprocessing;
  return { tensors: { image: { shape: [height, width, channels], dtype: 'float32' } }, preprocessing };
}
