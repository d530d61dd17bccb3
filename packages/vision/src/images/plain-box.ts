import { centredBox, type Box, type Size } from '@headstart/core/images';
import type { ImagePreprocessing } from '../sources/image-preprocessing.ts';

/** The part of a picture that a network sees without augmentation; undefined for all of it. */
export function plainBox({ crop, cropFraction, width, height }: ImagePreprocessing): ((size: Size) => Box) | undefined {
  return crop === 'stretch' ? undefined : centredBox({ width, height }, cropFraction);
}
