import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHubServer, type HubServer } from './testing/hub-server.ts';
import { createArtifacts } from './create-artifacts.ts';
import { containing } from './testing/matchers.test.kit.ts';

const config = Buffer.from('{"model_type": "bert"}');
const weights = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7) & 255));

let root: string;
let hub: HubServer;
let folders = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-hub-'));
  const files = { 'config.json': config, 'onnx/model file.onnx': weights, 'model.safetensors': weights };
  hub = await startHubServer({ 'owner/open': { files }, 'owner/gated': { files, token: 'secret' } });
});
afterAll(async () => {
  await hub.close();
  await rm(root, { recursive: true });
});

const artifacts = (env: NodeJS.ProcessEnv = {}, cache = `cache-${++folders}`) =>
  createArtifacts({ root: join(root, cache), env: { HF_ENDPOINT: hub.endpoint, ...env } });

describe('a file of the hub', () => {
  it.each([
    ['config.json', config, 'GET /api/resolve-cache/'],
    ['model.safetensors', weights, 'cdn GET /'],
    ['onnx/model file.onnx', weights, 'cdn GET /'],
  ])('%s is fetched to where the hub redirects, once', async (path, content, end) => {
    const fetching = artifacts({}, `redirected-${path.length}`);
    const before = hub.requests.length;
    const found = await fetching.file({ uri: `hf:owner/open@main/${path}` });
    expect(await readFile(found.path)).toEqual(content);
    expect((await fetching.file({ uri: `hf:owner/open@main/${path}` })).cached).toBe(true);
    expect(hub.requests.slice(before)).toEqual([
      `GET /owner/open/resolve/main/${path.replace(' ', '%20')}`,
      containing(end),
    ]);
  });

  it('that needs a token is fetched with it, which the origin of large files never sees', async () => {
    for (const path of ['config.json', 'model.safetensors']) {
      const uri = `hf:owner/gated@main/${path}`;
      await expect(artifacts().file({ uri })).rejects.toMatchObject({
        code: 'artifact-unreachable',
        message: containing('401 (Access to model owner/gated is restricted'),
        hint: containing('set HF_TOKEN'),
      });
      await expect(artifacts({ HF_TOKEN: 'wrong' }).file({ uri })).rejects.toMatchObject({
        code: 'artifact-unreachable',
        message: containing('403'),
        hint: containing('accepted its terms'),
      });
      expect(await artifacts({ HF_TOKEN: 'secret' }).file({ uri })).toMatchObject({ cached: false });
    }
  });

  it('that is missing is distinguished from a revision and from a repository that are', async () => {
    const file = (uri: string) => artifacts().file({ uri });
    await expect(file('hf:owner/open@main/nothing.json')).rejects.toMatchObject({
      code: 'artifact-not-found',
      message: containing('404 (Entry not found)'),
    });
    await expect(file('hf:owner/open@v9/config.json')).rejects.toMatchObject({
      code: 'artifact-unreachable',
      message: containing('Invalid rev id: v9'),
      hint: containing('revision'),
    });
    await expect(file('hf:owner/nobody@main/config.json')).rejects.toMatchObject({
      code: 'artifact-unreachable',
      message: containing('401'),
      hint: containing('or not exist'),
    });
  });

  it('that is known to be missing stays so without a network', async () => {
    const uri = 'hf:owner/open@main/modules.json';
    await expect(artifacts({ HEADSTART_OFFLINE: '1' }, 'absent').file({ uri })).rejects.toMatchObject({
      code: 'artifact-unreachable',
    });
    await expect(artifacts({}, 'absent').file({ uri })).rejects.toMatchObject({ code: 'artifact-not-found' });
    await expect(artifacts({ HEADSTART_OFFLINE: '1' }, 'absent').file({ uri })).rejects.toMatchObject({
      code: 'artifact-not-found',
      message: containing('last asked'),
    });
    // Nothing listens there.
    await expect(artifacts({ HF_ENDPOINT: 'http://127.0.0.1:9' }, 'absent').file({ uri })).rejects.toMatchObject({
      code: 'artifact-not-found',
    });
  });
});
