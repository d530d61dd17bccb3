import { definePlugin } from '@headstart/core';
import { strategy } from './strategy.ts';

export default definePlugin({
  name: 'headstart-plugin-your-name',
  version: '0.1.0',
  headstart: '^your-headstart',
  setup({ strategies }) {
    strategies.add(strategy);
  },
});
