import type { Encoder } from '@headstart/core';
import type { NoPage, PageDescription } from '@headstart/core/export';
import type { Colour } from '@headstart/core/images';
import type { Backbone } from '@headstart/core/network';
import type { ImagePreprocessing } from '../sources/image-preprocessing.ts';

/** How a page shows a classifier its pictures, and reads its logits. */
export function imagePage({ input }: Backbone, encoder: Encoder, background: Colour): PageDescription | NoPage {
  const { crop, cropFraction, interpolation, height, width, channels, order, mean, deviation } =
    input.preprocessing as ImagePreprocessing;
  if (interpolation === 'nearest')
    return { unavailable: 'pictures are resized by nearest neighbours, which pages do not do as Node does.' };
  return {
    accepts: 'picture',
    input: {
      kind: 'picture',
      tensor: Object.keys(encoder.inputs)[0]!,
      ...{ width, height, channels, order, mean, deviation, interpolation, background },
      ...(crop === 'stretch' ? { fit: 'stretch' } : { fit: 'crop', cropFraction }),
    },
    output: { kind: 'classes', tensors: ['logits'], activation: 'softmax' },
  };
}
