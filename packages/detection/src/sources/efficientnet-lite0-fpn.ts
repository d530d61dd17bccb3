import type { SourceDomain } from '@headstart/core';
import { classifierPyramid } from './classifier-pyramid.ts';

/** The classifier that this source builds on; the plugin of image classification brings it. */
export const CLASSIFIER = 'efficientnet-lite0';
const SIDE = 416;

/**
 * A detector from an image classifier: EfficientNet-Lite0's maps of the strides 8, 16 and 32 (40, 112 and
 * 320 channels) in 416 x 416 pixels. The pyramid that makes them alike is new and part of the head.
 */
export function efficientNetLite0Fpn(classifier: () => SourceDomain): SourceDomain {
  return classifierPyramid({
    id: 'efficientnet-lite0-fpn',
    classifier,
    side: SIDE,
    card: {
      title: 'EfficientNet-Lite0 with a feature pyramid',
      description: 'The image classifier as a backbone for detection; its boxes are learned anew.',
      trainedOn: 'ImageNet-1k',
      licence: 'Apache-2.0',
      parameters: 2_958_848,
      input: '416 x 416 RGB, (pixel - 127) / 128',
      files: [],
      citation:
        'Tan and Le, 2019. EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks. ICML. Lin et al., 2017. Feature pyramid networks for object detection. CVPR.',
    },
  });
}
