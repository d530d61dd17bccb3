import { HeadstartError } from '@headstart/artifacts/errors';
import type { PluginKind } from './options.ts';
import type { PluginName } from './plugin-name.ts';

/** What plugins of ours are called, and the one that the examples' tests run with. */
const takenPackages: readonly string[] = [
  '@headstart/core',
  '@headstart/detection',
  '@headstart/nlp',
  '@headstart/tracking',
  '@headstart/vision',
  'points',
];

/** What core and our domains call what they bring, and what the examples' tests run with: no plugin can call its own so. */
const takenIds: Readonly<Record<PluginKind, readonly string[]>> = {
  source: [
    'e5-small',
    'efficientnet-lite0',
    'efficientnet-lite0-fpn',
    'minilm-l6',
    'nanodet-coco',
    'point-net',
    'small-cnn',
    'text-cnn',
    'use-lite',
    'word-vectors',
  ],
  reader: [
    'box-table',
    'coco-json',
    'createml',
    'cvat-xml',
    'image-csv',
    'image-folder',
    'image-metadata-boxes',
    'kitti',
    'label-studio',
    'labelme',
    'pascal-voc',
    'supervisely',
    'text-folder',
    'text-pairs',
    'text-table',
    'via',
    'yolo-folder',
  ],
  task: [
    'heat-map-detection',
    'image-classification',
    'multi-label-classification',
    'multi-label-image-classification',
    'object-detection',
    'point-classification',
    'sentiment-analysis',
    'text-classification',
    'text-embedding',
    'text-similarity',
  ],
  strategy: [
    'adabn',
    'bottleneck-probe',
    'cdan',
    'contrastive',
    'coral',
    'dan',
    'dann',
    'fine-tune',
    'from-scratch',
    'gradual-unfreeze',
    'l2-sp',
    'linear-probe',
    'lora',
    'lp-ft',
    'mcc',
    'mdd',
    'self-training',
    'shot',
    'tent',
    'tune-head',
  ],
  // Of classification, which the example is a metric of.
  metric: ['accuracy', 'coverage', 'ece', 'mcc', 'nll', 'top5'],
};

/** @throws HeadstartError `plugin-conflict` for a name that a plugin of ours has */
export function checkFree(kind: PluginKind, { packageName, id }: PluginName): void {
  if (takenPackages.includes(packageName)) throw taken(packageName, `a plugin is called "${packageName}"`);
  if (takenIds[kind].includes(id)) throw taken(packageName, `there is a ${kind} "${id}"`);
}

function taken(packageName: string, what: string): HeadstartError {
  return new HeadstartError({
    code: 'plugin-conflict',
    message: `"${packageName}" would not work beside Headstart's own packages: ${what} already.`,
    hint: 'Choose another name: what a plugin adds is called after its package.',
  });
}
