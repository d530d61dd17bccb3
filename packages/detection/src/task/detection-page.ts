import type { Encoder } from '@headstart/core';
import { pageScript, type PageDescription } from '@headstart/core/export';
import type { Backbone } from '@headstart/core/network';
import { detectorPreprocessing } from '../sources/detector-preprocessing.ts';
import type { FindOptions } from './find-boxes.ts';
import { BACKGROUND } from './read-picture.ts';

/** How a page shows a detector its pictures, and which of its boxes it reports. */
export async function detectionPage(
  backbone: Backbone,
  encoder: Encoder,
  reported: FindOptions,
): Promise<PageDescription> {
  const { layout: _layout, ...preprocessing } = detectorPreprocessing(backbone);
  const module = 'boxes.js';
  return {
    accepts: 'picture',
    input: {
      kind: 'picture',
      tensor: Object.keys(encoder.inputs)[0]!,
      channels: 3,
      ...preprocessing,
      background: BACKGROUND,
    },
    output: { kind: 'module', module, tensors: ['logits', 'xyxy'], ...reported },
    files: [[module, await pageScript(new URL('../browser/boxes.entry.js', import.meta.url))]],
  };
}
