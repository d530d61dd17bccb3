import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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
    const commit = hub.commitOf('owner/open');
    expect(found.commit).toBe(commit);
    expect(hub.requests.slice(before)).toEqual([
      'GET /api/models/owner/open/revision/main',
      `GET /owner/open/resolve/${commit}/${path.replace(' ', '%20')}`,
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

  it('is of the commit of those fetched before it, which a branch that moves on does not change', async () => {
    const files = { 'config.json': config, 'model.safetensors': weights };
    const moving = await startHubServer({ 'owner/moving': { files } });
    try {
      const first = moving.commitOf('owner/moving');
      const by = (env: NodeJS.ProcessEnv) => artifacts({ HF_ENDPOINT: moving.endpoint, ...env }, 'moving');
      const fetched = (path: string, env: NodeJS.ProcessEnv = {}) =>
        by(env).file({ uri: `hf:owner/moving@main/${path}` });
      expect(await fetched('config.json')).toMatchObject({ commit: first });
      moving.push('owner/moving', { 'config.json': Buffer.from('{}'), 'model.safetensors': config });
      const second = await fetched('model.safetensors');
      expect(second.commit).toBe(first);
      expect(await readFile(second.path)).toEqual(weights);
      const now = moving.commitOf('owner/moving');
      const named = await by({}).file({ uri: `hf:owner/moving@${now}/config.json` });
      expect(await readFile(named.path, 'utf8')).toBe('{}');
      expect(await fetched('config.json', { HF_HUB_OFFLINE: '1' })).toMatchObject({ commit: first, cached: true });
    } finally {
      await moving.close();
    }
  });

  it.each([
    ['config.json', createHash('sha1').update('other').digest('hex')],
    ['model.safetensors', createHash('sha256').update('other').digest('hex')],
  ])('%s is refused where it is not what the hub says that it is', async (path, digest) => {
    const files = { 'config.json': config, 'model.safetensors': weights };
    const lying = await startHubServer({ 'owner/lying': { files, digests: { [path]: digest } } });
    try {
      const fetching = artifacts({ HF_ENDPOINT: lying.endpoint });
      await expect(fetching.file({ uri: `hf:owner/lying@main/${path}` })).rejects.toMatchObject({
        code: 'artifact-digest',
        message: containing(digest),
      });
    } finally {
      await lying.close();
    }
  });

  it('is refused where it is of another commit than was asked for', async () => {
    const served = createServer((request, response) => {
      const sha = 'a'.repeat(40);
      if (request.url!.startsWith('/api/')) return void response.end(JSON.stringify({ sha }));
      response.writeHead(200, { 'x-repo-commit': 'b'.repeat(40) }).end(config);
    });
    await new Promise<void>((ready) => served.listen(0, '127.0.0.1', ready));
    try {
      const { port } = served.address() as AddressInfo;
      const fetching = artifacts({ HF_ENDPOINT: `http://127.0.0.1:${port}` });
      await expect(fetching.file({ uri: 'hf:owner/mixed@main/config.json' })).rejects.toMatchObject({
        code: 'artifact-unreachable',
        message: containing(`a file of commit ${'b'.repeat(40)}`),
      });
    } finally {
      await new Promise((done) => served.close(done));
    }
  });

  it.each(['HEADSTART_OFFLINE', 'HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE'])(
    'is not asked for where %s is set, as is no commit',
    async (variable) => {
      const before = hub.requests.length;
      await expect(
        artifacts({ [variable]: 'true' }).file({ uri: 'hf:owner/open@main/config.json' }),
      ).rejects.toMatchObject({
        code: 'artifact-unreachable',
        hint: containing(`without ${variable}`),
      });
      expect(hub.requests.length).toBe(before);
    },
  );

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
