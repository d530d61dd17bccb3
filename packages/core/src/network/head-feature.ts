import { mean, type Tensor2D } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Backbone, FeatureInfo } from './backbone.ts';
import type { Tensors } from './tensors.ts';

/** The feature that a sample as a whole is known by, and a classifier is put on: the last one. */
export function headFeature(backbone: Backbone): FeatureInfo {
  const feature = backbone.features.at(-1);
  if (!feature || feature.kind === 'sequence') {
    throw new HeadstartError({
      code: 'not-supported',
      message: `${backbone.architecture} offers ${feature ? 'a sequence' : 'no feature'}; a linear classifier needs a vector or a feature map.`,
      hint: 'Choose another source: `headstart sources` lists them.',
    });
  }
  return feature;
}

/** That feature among the backbone's outputs, `[batch, channels]`: a vector as it is, a map averaged over its cells. */
export function pooledFeature(feature: FeatureInfo, outputs: Tensors): Tensor2D {
  const output = outputs[feature.tensor];
  if (!output) {
    throw new HeadstartError({
      code: 'internal',
      message: `The head needs the feature "${feature.tensor}"; the backbone gave ${Object.keys(outputs).join(', ')}.`,
      hint: "The source's last stage must hand on the last feature that it lists.",
    });
  }
  return feature.kind === 'map' ? mean<Tensor2D>(output, [1, 2]) : (output as Tensor2D);
}
