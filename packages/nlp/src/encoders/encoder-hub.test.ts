import '@tensorflow/tfjs';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { createArtifacts, createHeadstart } from '@headstart/core';
import { eagerStep, type Backend } from '@headstart/core/backend';
import { startHubServer, type HubServer } from '@headstart/core/testing';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nlp } from '../plugin.ts';
import { encoderScheme } from '../sources/encoder-source.ts';
import { TINY_CONFIGS, writeTinyEncoder, writeTinyWeights } from './tiny-encoder.test.kit.ts';

const plain: Backend = {
  name: 'cpu',
  device: 'cpu',
  reason: 'a test',
  details: {},
  memory: () => ({ tensors: memory().numTensors, bytes: 0, residentBytes: 0 }),
  compile: eagerStep,
  close: async () => {},
};
const TEXTS = ['the cat sat on the mat', 'a very good film', '?'];

let root: string;
let folder: string;
let hub: HubServer;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-hub-encoder-'));
  await setBackend('cpu');
  folder = join(root, 'tiny');
  await writeTinyEncoder(folder, TINY_CONFIGS.bert, {
    '1_Pooling/config.json': {
      word_embedding_dimension: 8,
      pooling_mode_cls_token: true,
      pooling_mode_mean_tokens: false,
    },
  });
  const backbone = await encoderScheme
    .resolve(folder)
    .open({ artifacts: createArtifacts({ env: {} }), progress: {} } as never, { weights: 'none' });
  await writeTinyWeights(
    folder,
    backbone.stages.flatMap(({ variables }) => variables),
  );
  backbone.dispose();
  const files = await filesBelow(folder);
  const { 'model.safetensors': _, ...weightless } = files;
  hub = await startHubServer({ 'owner/tiny': { files, token: 'secret' }, 'owner/weightless': { files: weightless } });
});
afterAll(async () => {
  await hub.close();
  await rm(root, { recursive: true });
});

async function filesBelow(from: string): Promise<Record<string, Buffer>> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [relative(from, path), await readFile(path)] as const)),
  );
}

/** Embeddings by a composition of its own, as another process has one. */
async function embed(source: string, env: NodeJS.ProcessEnv, cache: string): Promise<number[]> {
  const artifacts = createArtifacts({ root: join(root, cache), env: { HF_ENDPOINT: hub.endpoint, ...env } });
  const headstart = await createHeadstart({
    backend: plain,
    plugins: [nlp()],
    artifacts,
    cacheRoot: join(root, 'cache'),
  });
  const { shape, data } = await headstart.embed(source, TEXTS);
  expect(shape).toEqual([TEXTS.length, 8]);
  return [...data];
}

describe('an encoder of the hub', () => {
  it('embeds as the same files in a folder do: config, tokenizer, weights and pooling from there', async () => {
    const tensors = memory().numTensors;
    const expected = await embed(`encoder:${folder}`, {}, 'none');
    expect(new Set(expected).size).toBeGreaterThan(8);
    const token = { HF_TOKEN: 'secret' };
    expect(await embed('encoder:hf:owner/tiny', token, 'hub')).toEqual(expected);
    expect(hub.requests.filter((request) => request.startsWith('cdn'))).toEqual([
      expect.stringMatching(/^cdn GET \/owner\/tiny\/[0-9a-f]{40}\/model\.safetensors/) as string,
    ]);

    // All of it is in the cache by then, what the repository lacks included.
    const before = hub.requests.length;
    expect(await embed('encoder:hf:owner/tiny@main', { HEADSTART_OFFLINE: '1' }, 'hub')).toEqual(expected);
    expect(hub.requests.length).toBe(before);
    expect(await embed('encoder:hf:owner/tiny#pooling=mean', token, 'hub')).not.toEqual(expected);
    expect(memory().numTensors).toBe(tensors);
  });

  it.each([
    ['owner/tiny', { code: 'artifact-unreachable', message: expect.stringContaining('restricted') as string }],
    ['owner/nobody', { code: 'artifact-unreachable', hint: expect.stringContaining('HF_TOKEN') as string }],
    [
      'owner/weightless@v2',
      { code: 'artifact-unreachable', message: expect.stringContaining('Invalid rev id: v2') as string },
    ],
    [
      'owner/weightless',
      { code: 'artifact-not-found', message: expect.stringContaining('model.safetensors') as string },
    ],
  ])('%s is refused by its name and why', async (repository, error) => {
    await expect(embed(`encoder:hf:${repository}`, {}, 'refused')).rejects.toMatchObject(error);
  });
});
