import { definePlugin } from '@headstart/core';
import { z } from 'zod';
import { EMOJI_VENDORS } from './datasets/emoji-list.ts';
import { emojiDataset } from './datasets/emoji.ts';
import { FLUENT_STYLES, fluentEmoji } from './datasets/fluent-emoji.ts';
import { openMoji } from './datasets/openmoji.ts';
import { textileDefects } from './datasets/textile-defects.ts';
import { mnist } from './datasets/mnist.ts';
import { imageCsv } from './readers/image-csv.ts';
import { imageFolder } from './readers/image-folder.ts';
import { efficientNetLite0, smallCnn, smallCnnScheme, tfjsScheme } from './sources/index.ts';
import { imageClassification } from './task/image-classification.ts';
import { multiLabelImageClassification } from './task/multi-label-image-classification.ts';
import { VERSION } from './version.ts';

const channel = z.number().int().min(0).max(255);

const options = z
  .object({
    /** What shows through transparent pixels, as [red, green, blue]; white by default. */
    background: z.tuple([channel, channel, channel]).optional(),
  })
  .optional();

/** The plugin: image classification with its readers, data sets and sources. */
export const vision = definePlugin<z.infer<typeof options>>({
  name: '@headstart/vision',
  version: VERSION,
  headstart: '^0.1',
  options,
  setup(context) {
    context.sources.add(efficientNetLite0);
    context.sources.add(smallCnn);
    context.sources.addScheme(smallCnnScheme);
    context.sources.addScheme(tfjsScheme);
    context.readers.add(imageFolder);
    context.readers.add(imageCsv);
    for (const vendor of EMOJI_VENDORS) context.datasets.add(emojiDataset(vendor));
    for (const style of FLUENT_STYLES) context.datasets.add(fluentEmoji(style));
    context.datasets.add(openMoji);
    context.datasets.add(mnist);
    context.datasets.add(textileDefects);
    context.tasks.add(imageClassification(context.options));
    context.tasks.add(multiLabelImageClassification(context.options));
  },
});
