import { definePlugin } from '@headstart/core';

/** The plugin: text classification, similarity and embedding with their readers, data sets and sources. */
export const nlp = definePlugin({
  name: '@headstart/nlp',
  version: '0.1.0',
  headstart: '^0.1',
  setup() {},
});
