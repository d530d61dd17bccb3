import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Workplace } from '../../../packages/cli/src/workplace.ts';
import type { Family, Files } from '../family.ts';
import { mutateFiles } from '../mutate-files.ts';

const CONFIG = {
  plugins: ['@headstart/vision', ['@headstart/nlp', {}]],
  defaults: { backend: 'cpu', device: 'auto', threads: 2, memoryLimit: '4GiB' },
};
const PLUGIN = {
  name: 'headstart-plugin-x',
  version: '1.0.0',
  type: 'module',
  exports: './index.mjs',
  headstart: { plugin: true, api: 1, core: '^0.1', contributes: { sources: [{ id: 'x', modality: 'text' }] } },
};

const PROJECT: Files = new Map([
  ['headstart.config.json', JSON.stringify(CONFIG)],
  ['package.json', JSON.stringify({ dependencies: { 'headstart-plugin-x': '1' } })],
  ['node_modules/headstart-plugin-x/package.json', JSON.stringify(PLUGIN)],
]);

/** Configurations of a project, and the manifests of plugins that it has. */
export const configs: Family = {
  name: 'configs',
  valid: () => [PROJECT],
  make: (draw) => mutateFiles(draw, PROJECT),
  async read(folder) {
    await writeFile(join(folder, 'node_modules/headstart-plugin-x/index.mjs'), 'export default () => 1;').catch(
      () => {},
    );
    const place = new Workplace(folder);
    await place.catalogue();
    await place.setting();
  },
};
