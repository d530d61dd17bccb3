import { definePlugin } from '@headstart/core';
import { wavFolder } from './clips/wav-folder.ts';
import { dsCnnWords } from './network/source.ts';
import { audioClassification } from './task/audio-classification.ts';
import { worstRecall } from './task/worst-recall.ts';

/** The plugin: keywords in short recordings. */
export const audio = definePlugin({
  name: 'headstart-plugin-audio',
  version: '0.1.0',
  headstart: '^0.1',
  setup({ sources, readers, tasks, metrics }) {
    sources.add(dsCnnWords);
    readers.add(wavFolder);
    tasks.add(audioClassification);
    metrics.add(worstRecall);
  },
});
