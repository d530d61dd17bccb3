import type { NoPage, PageDescription, PageRequest } from '@headstart/core/export';
import type { Colour } from '@headstart/core/images';
import type { ImagePreprocessing } from '../sources/image-preprocessing.ts';

/** How a page shows a network its pictures, beside how it reads the outputs. */
export function imagePage(
  { backbone: { input }, encoder }: Pick<PageRequest, 'backbone' | 'encoder'>,
  background: Colour,
  output: PageDescription['output'],
): PageDescription | NoPage {
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
    output,
  };
}
