import { definePlugin } from '@headstart/core';
import { reader } from './reader.ts';

export default definePlugin({
  name: 'headstart-plugin-your-name',
  version: '0.1.0',
  headstart: '^your-headstart',
  setup({ readers }) {
    readers.add(reader);
  },
});
