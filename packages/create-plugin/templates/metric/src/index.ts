import { definePlugin } from '@headstart/core';
import { metric } from './metric.ts';

export default definePlugin({
  name: 'headstart-plugin-your-name',
  version: '0.1.0',
  headstart: '^your-headstart',
  setup({ metrics }) {
    metrics.add(metric);
  },
});
