import type { Task } from '@headstart/core';
import { readImageInput, type Colour } from '@headstart/core/images';
import { LinearHead } from '@headstart/core/network';
import { AUGMENTATIONS, parsePolicy } from '../augment/policy.ts';
import type { ImageSample } from '../images/image-sample.ts';

export interface ImageClassificationOptions {
  /** What shows through transparent pixels; white by default. */
  readonly background?: Colour;
}

export const WHITE: Colour = [255, 255, 255];

/** What all tasks start from whose network sees one whole picture. */
export const pictureTask = {
  modality: 'image',
  defaults: { source: 'efficientnet-lite0', strategy: 'linear-probe', augmentation: 'none' },
  augmentations: AUGMENTATIONS,
  checkAugmentation: (policy) => void parsePolicy(policy),
  buildHead: (backbone, labels, random) => new LinearHead(backbone, labels, random),
  view: ({ image }) => ({ picture: { image } }),
  parseInput: async (input, name) => (await readImageInput(input, name)).sample,
} satisfies Partial<Task<ImageSample>>;
