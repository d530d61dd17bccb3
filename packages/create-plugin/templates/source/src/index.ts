import { definePlugin } from '@headstart/core';
import { source } from './source.ts';

export default definePlugin({
  name: 'headstart-plugin-your-name',
  version: '0.1.0',
  headstart: '^your-headstart',
  setup({ sources }) {
    sources.add(source);
  },
});
