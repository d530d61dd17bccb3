import type { TransformersLibrary } from '@headstart/nlp';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Draw } from '../draw.ts';
import type { Family, Files } from '../family.ts';
import { mutateFiles } from '../mutate-files.ts';
import { filesIn, once } from '../seeds.ts';

const FIXTURES = fileURLToPath(new URL('../../../packages/nlp/src/encoders/fixtures/bert', import.meta.url));
const NETWORK = 'onnx/model.onnx';
const WHOLE = 'a network';

const seed = once(async (): Promise<Files> => {
  const fixture = await filesIn(FIXTURES);
  const texts = ['config.json', 'tokenizer.json'].map((name) => [name, fixture.get(name)!] as const);
  const more = [
    ['tokenizer_config.json', JSON.stringify({ model_max_length: 32 })],
    [NETWORK, WHOLE],
  ] as const;
  return new Map<string, Buffer | string>([...texts, ...more]);
});

const env = { localModelPath: '', allowRemoteModels: true, allowLocalModels: true, cacheDir: null as string | null };

/**
 * Stands in for the library that runs ONNX networks, which parses them by itself: of a network that is not whole it throws
 * what has no code, or gives numbers that are none.
 */
export const libraryStandIn: TransformersLibrary = {
  name: '@huggingface/transformers',
  module: {
    env,
    async pipeline(_task, model) {
      const network = await readFile(join(env.localModelPath, model, NETWORK), 'utf8');
      if (network.length < WHOLE.length) throw new Error('Load model failed: protobuf parsing failed.');
      const value = network.startsWith(WHOLE) ? 1 : NaN;
      const run = async (texts: string[]) => ({
        data: texts.flatMap(({ length }) => [length, value]),
        dims: [texts.length, 2],
      });
      return Object.assign(run, { dispose: async () => {} });
    },
  },
};

/** Folders in the layout of transformers.js: the tokenizer and its configuration, which tell what is read of a text, and a network. */
export const transformers: Family = {
  name: 'transformers',
  valid: async () => [await seed()],
  make: async (draw) => mutateFiles(draw, await seed(), chosen(draw)),
  read: async (folder, system) =>
    (await system.headstart).embed(`transformers:${folder}`, ['a good film', `${'a'.repeat(400)}!`, 'été 🐈']),
};

/** Mostly the tokenizer and its configuration. */
function chosen(draw: Draw): (name: string) => boolean {
  const wanted = draw.of(['tokenizer.json', 'tokenizer.json', 'tokenizer_config.json', undefined]);
  return (name) => wanted === undefined || name === wanted;
}
