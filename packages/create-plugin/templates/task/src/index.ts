import { definePlugin } from '@headstart/core';
import { task } from './task.ts';

export default definePlugin({
  name: 'headstart-plugin-your-name',
  version: '0.1.0',
  headstart: '^your-headstart',
  setup({ tasks }) {
    tasks.add(task);
  },
});
