import { createArtifacts, HeadstartError, silentProgress, type SourceRuntime } from '@headstart/core';
import { startHubServer, type HubServer } from '@headstart/core/testing';
import { cp, mkdir, mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyTokenizer } from '../encoders/tiny-encoder.test.kit.ts';
import { transformersScheme } from '../sources/transformers-source.ts';
import { textBackbone } from '../texts/text-backbone.ts';
import type { TransformersLibrary } from './transformers-library.ts';

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const repository = (network: string) => ({
  'config.json': bytes({ model_type: 'bert' }),
  'tokenizer.json': bytes(tinyTokenizer()),
  'tokenizer_config.json': bytes({ model_max_length: 6 }),
  'onnx/model.onnx': Buffer.from(network),
});

/** The settings under which the library was asked for a model, and what it found of it where it was told to look. */
const asked: { remote: boolean; files: string[]; folder: string; inode: number }[] = [];
const env = { localModelPath: '', allowRemoteModels: true, allowLocalModels: true, cacheDir: null as string | null };
const library: TransformersLibrary = {
  name: '@huggingface/transformers',
  module: {
    env,
    async pipeline(_task, model) {
      const found = await readdir(join(env.localModelPath, model), { recursive: true, withFileTypes: true });
      const files = found.filter((entry) => entry.isFile()).map(({ name }) => name);
      const folder = join(env.localModelPath, model);
      asked.push({ remote: env.allowRemoteModels, files: files.sort(), folder, inode: (await stat(folder)).ino });
      const run = async (texts: string[]) => ({
        data: texts.flatMap(({ length }) => [length, 1]),
        dims: [texts.length, 2],
      });
      return Object.assign(run, { dispose: async () => {} });
    },
  },
};
const scheme = transformersScheme(() => library);

let root: string;
let hub: HubServer;
const cacheBefore = process.env.HEADSTART_CACHE;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-transformers-hub-'));
  process.env.HEADSTART_CACHE = join(root, 'own');
  hub = await startHubServer({ 'owner/onnx': { files: repository('first') } });
});
afterAll(async () => {
  if (cacheBefore === undefined) delete process.env.HEADSTART_CACHE;
  else process.env.HEADSTART_CACHE = cacheBefore;
  await hub.close();
  await rm(root, { recursive: true });
});

const runtime = (variables: NodeJS.ProcessEnv = {}, cache = 'cache'): SourceRuntime => ({
  artifacts: createArtifacts({
    root: join(root, cache),
    derived: cache === 'cache' ? undefined : join(root, `derived-${cache}`),
    env: { HF_ENDPOINT: hub.endpoint, ...variables },
  }),
  progress: silentProgress,
});
const open = (name: string, on: SourceRuntime) => scheme.resolve(name).open(on, { weights: 'published' });

describe('an encoder of transformers.js on the hub', () => {
  it('is fetched as artifacts of one commit, and handed to the library as a folder that needs no network', async () => {
    const backbone = await open('owner/onnx', runtime());
    const { key, limit } = textBackbone(backbone).texts;
    expect(asked).toMatchObject([
      { remote: false, files: ['config.json', 'model.onnx', 'tokenizer.json', 'tokenizer_config.json'] },
    ]);
    expect(asked[0]!.folder.startsWith(join(root, 'own', 'transformers'))).toBe(true);
    expect(limit).toMatchObject({ most: 6, unit: 'tokens' });
    expect(limit!.exceeds(['the cat sat on the mat'])).toBe(true);
    expect(limit!.exceeds(['the cat'])).toBe(false);
    backbone.dispose();

    // The branch moves on; what is here stays, and needs no network.
    hub.push('owner/onnx', repository('second'));
    const requests = hub.requests.length;
    for (const variable of ['HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE', 'HEADSTART_OFFLINE']) {
      const again = await open('owner/onnx', runtime({ [variable]: '1' }));
      expect(textBackbone(again).texts.key).toBe(key);
      again.dispose();
    }
    expect(hub.requests.length).toBe(requests);

    // Other bytes are another encoder, whatever they are called.
    const moved = await open('owner/onnx', runtime({}, 'elsewhere'));
    expect(textBackbone(moved).texts.key).not.toBe(key);
    expect(moved.architecture).not.toBe(backbone.architecture);
    moved.dispose();
    const named = await open(`owner/onnx@${hub.commitOf('owner/onnx')}`, runtime({}, 'named'));
    expect(textBackbone(named).texts.key).toBe(textBackbone(moved).texts.key);
    named.dispose();
  });

  it('lies in the cache that its artifacts are of', async () => {
    (await open('owner/onnx', runtime({}, 'named'))).dispose();
    expect(asked.at(-1)!.folder.startsWith(join(root, 'derived-named', 'transformers'))).toBe(true);
  });

  it('is one folder for all who ask at once, also where what lies there was damaged', async () => {
    const on = runtime({}, 'shared');
    (await open('owner/onnx', on)).dispose();
    const { folder } = asked.at(-1)!;
    // A file of its own, not a second name of the cached one.
    await cp(join(folder, 'onnx', 'model.onnx'), join(folder, 'copy'));
    await rm(join(folder, 'onnx', 'model.onnx'));
    await cp(join(folder, 'copy'), join(folder, 'onnx', 'model.onnx'));
    await truncate(join(folder, 'onnx', 'model.onnx'), 2);
    asked.length = 0;
    const opened = await Promise.all(Array.from({ length: 8 }, () => open('owner/onnx', on)));
    expect(new Set(opened.map((each) => textBackbone(each).texts.key)).size).toBe(1);
    expect(new Set(asked.map(({ inode }) => inode)).size).toBe(1);
    expect(asked[0]!.files).toEqual(['config.json', 'model.onnx', 'tokenizer.json', 'tokenizer_config.json']);
    for (const each of opened) each.dispose();
  });

  it('is not asked for without a network that may be used', async () => {
    const error: unknown = await open('owner/onnx', runtime({ HF_HUB_OFFLINE: '1' }, 'empty')).catch(
      (caught: unknown) => caught,
    );
    expect(HeadstartError.is(error) && error.code).toBe('artifact-unreachable');
  });
});

describe('an encoder of transformers.js in a folder', () => {
  it('is refused before the library sees a tokenizer that it would not come to an end with', async () => {
    const folder = join(root, 'endless');
    await mkdir(join(folder, 'onnx'), { recursive: true });
    const files = { ...repository('network'), 'tokenizer.json': bytes({ model: { vocab: { a: 2147483648 } } }) };
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    asked.length = 0;
    await expect(open(folder, runtime())).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringContaining('the id 2147483648') as string,
    });
    expect(asked).toEqual([]);
  });

  it('is another one where a file changed that its network keeps weights in', async () => {
    const folder = join(root, 'model');
    await mkdir(join(folder, 'onnx'), { recursive: true });
    for (const [name, content] of Object.entries(repository('network'))) await writeFile(join(folder, name), content);
    const keyWith = async (files: Readonly<Record<string, string>>) => {
      for (const [name, content] of Object.entries(files)) await writeFile(join(folder, 'onnx', name), content);
      const backbone = await open(folder, runtime());
      const { key } = textBackbone(backbone).texts;
      backbone.dispose();
      return key;
    };
    const keys = [
      await keyWith({}),
      await keyWith({ 'model.onnx_data': 'a' }),
      await keyWith({ 'model.onnx_data': 'b' }),
      await keyWith({ 'model.onnx_data_1': 'a' }),
      await keyWith({ 'weights.bin': 'a' }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    // Those of another precision are not read.
    expect(await keyWith({ 'model_quantized.onnx': 'q', 'model_quantized.onnx_data': 'q' })).toBe(keys.at(-1));
  });
});
