import { definePlugin } from '@headstart/core';
import { SENTIMENT_SITES, sentimentDataset } from './datasets/sentiment.ts';

/** The plugin: text classification, similarity and embedding with their readers, data sets and sources. */
export const nlp = definePlugin({
  name: '@headstart/nlp',
  version: '0.1.0',
  headstart: '^0.1',
  setup(context) {
    for (const site of SENTIMENT_SITES) context.datasets.add(sentimentDataset(site));
  },
});
