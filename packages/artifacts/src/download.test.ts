import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createArtifacts } from './create-artifacts.ts';
import { makeZip, serve, sha256, type TestServer } from './testing/make-archives.ts';
import { containing, matching } from './testing/matchers.test.kit.ts';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31 + (i >> 8)) & 255));
const digest = sha256(content);

let folder: string;
let server: TestServer | undefined;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'headstart-download-'))));
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

const artifacts = (options: Parameters<typeof createArtifacts>[0] = {}) =>
  createArtifacts({ root: join(folder, 'cache'), env: {}, ...options });

/** Whole files in the cache and unfinished ones, by name. */
async function kept(): Promise<string[]> {
  const names: string[] = [];
  for (const part of ['files', 'packages', 'partial', 'staging']) {
    const entries = await readdir(join(folder, 'cache', part), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    names.push(...entries.filter((entry) => entry.isFile()).map((entry) => entry.name));
  }
  return names;
}

describe('a file from the web', () => {
  it('is fetched once, and again when the cached copy was damaged', async () => {
    server = await serve((_, response) => response.end(content));
    const ref = { uri: `${server.url}/dir/model.bin?x=1`, sha256: digest };
    const first = await artifacts().file(ref);
    expect(first).toMatchObject({ sha256: digest, bytes: content.length, cached: false });
    expect(sha256(await readFile(first.path))).toBe(digest);
    expect(await artifacts().file(ref)).toEqual({ ...first, cached: true });
    expect(server.requests).toHaveLength(1);

    // The same size and the same time: only the digest tells.
    const { atime, mtime } = await stat(first.path);
    const damaged = Buffer.from(content);
    damaged[1000]! ^= 1;
    await writeFile(first.path, damaged);
    await utimes(first.path, atime, mtime);
    expect((await artifacts().file(ref)).cached).toBe(false);
    expect(sha256(await readFile(first.path))).toBe(digest);
    await rm(first.path);
    expect((await artifacts().file({ uri: ref.uri })).cached).toBe(false);
    expect(server.requests).toHaveLength(3);
  });

  it('reports its progress in bytes', async () => {
    server = await serve((_, response) => response.end(content));
    const seen: unknown[] = [];
    const progress = {
      start: (work: unknown) => (
        seen.push(work), { update: (done: number) => void seen.push(done), end: () => void seen.push('end') }
      ),
    };
    await artifacts({ progress }).file({ uri: `${server.url}/a` });
    expect(seen[0]).toEqual({ label: `download ${server.url}/a`, unit: 'bytes' });
    expect(seen.at(-2)).toBe(content.length);
    expect(seen.at(-1)).toBe('end');
  });

  it('with the wrong digest is refused and not kept; a good copy in the cache stays', async () => {
    server = await serve((_, response) => response.end(content));
    const uri = `${server.url}/model.bin`;
    const wrong = 'ab'.repeat(32);
    const refused = { code: 'artifact-digest', message: matching(new RegExp(`${wrong}.*${digest}`)) };
    await expect(artifacts().file({ uri, sha256: wrong })).rejects.toMatchObject(refused);
    expect(await kept()).toEqual([]);
    await artifacts().file({ uri, sha256: digest });
    await expect(artifacts().file({ uri, sha256: wrong })).rejects.toMatchObject(refused);
    expect(await artifacts().file({ uri, sha256: digest.toUpperCase() })).toMatchObject({ cached: true });
    await expect(artifacts().file({ uri, sha256: 'abc' })).rejects.toMatchObject({ code: 'invalid-option' });
  });

  it('that is not there, not allowed or too large is said so, and leaves nothing', async () => {
    server = await serve((request, response) => {
      if (request.url === '/private') response.writeHead(403).end();
      else if (request.url === '/announced') response.writeHead(200, { 'content-length': content.length }).end(content);
      else if (request.url === '/streamed') response.write(content, () => response.end());
      else response.writeHead(404).end();
    });
    const file = (path: string) => artifacts().file({ uri: `${server!.url}/${path}`, maxBytes: 1000 });
    await expect(file('missing')).rejects.toMatchObject({ code: 'artifact-not-found', message: containing('404') });
    await expect(file('private')).rejects.toMatchObject({ code: 'artifact-unreachable', message: containing('403') });
    await expect(file('announced')).rejects.toMatchObject({ code: 'artifact-too-large' });
    await expect(file('streamed')).rejects.toMatchObject({ code: 'artifact-too-large' });
    expect(await kept()).toEqual([]);
    expect(server.requests).toHaveLength(4);
  });

  it('is unreachable where nothing answers and where fetching is off, unless it is cached', async () => {
    server = await serve((_, response) => response.end(content));
    const uri = `${server.url}/model.bin`;
    await expect(artifacts({ offline: true }).file({ uri })).rejects.toMatchObject({
      code: 'artifact-unreachable',
      hint: containing(folder),
    });
    await artifacts().file({ uri });
    await server.close();
    expect(await artifacts({ env: { HEADSTART_OFFLINE: '1' } }).file({ uri })).toMatchObject({ cached: true });
    await expect(artifacts().file({ uri: `${server.url}/other` })).rejects.toMatchObject({
      code: 'artifact-unreachable',
      hint: containing('proxy'),
    });
  });

  it('is continued where the transfer broke off, in the same call', async () => {
    server = await serve((request, response) => {
      const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const headers = { etag: '"v1"', 'content-length': content.length - start };
      if (start === 0) {
        response
          .writeHead(200, headers)
          .write(content.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 500));
      } else {
        expect(request.headers['if-range']).toBe('"v1"');
        response
          .writeHead(206, { ...headers, 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` })
          .end(content.subarray(start));
      }
    });
    expect(await artifacts().file({ uri: `${server.url}/model.bin` })).toMatchObject({ sha256: digest });
    expect(server.requests).toEqual(['GET /model.bin', matching(/^GET \/model.bin bytes=[1-9]\d*-$/)]);
  });

  it('is continued by a later call, and started again where the server has another file by then', async () => {
    let version = 1;
    let broken = true;
    const other = Buffer.from(content).reverse();
    server = await serve((request, response) => {
      const body = version === 1 ? content : other;
      const asked = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const start = request.headers['if-range'] === `"v${version}"` ? asked : 0;
      response.writeHead(start > 0 ? 206 : 200, {
        etag: `"v${version}"`,
        'content-length': body.length - start,
        ...(start > 0 ? { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` } : {}),
      });
      if (broken) response.write(body.subarray(start, start + 20_000), () => setTimeout(() => response.destroy(), 500));
      else response.end(body.subarray(start));
    });
    const uri = `${server.url}/model.bin`;
    await expect(artifacts().file({ uri })).rejects.toMatchObject({ code: 'artifact-unreachable' });
    broken = false;
    const before = server.requests.length;
    expect(await artifacts().file({ uri })).toMatchObject({ sha256: digest });
    expect(server.requests.slice(before)).toEqual([matching(/bytes=[1-9]\d*-$/)]);

    broken = true;
    const second = `${server.url}/second.bin`;
    await expect(artifacts().file({ uri: second })).rejects.toMatchObject({ code: 'artifact-unreachable' });
    [version, broken] = [2, false];
    expect(await artifacts().file({ uri: second })).toMatchObject({ sha256: sha256(other) });
    expect((await kept()).sort()).toEqual(['model.bin', 'record.json', 'record.json', 'second.bin']);
  });

  it('continued from what turns out to be another file is fetched once more from its start', async () => {
    let tries = 0;
    server = await serve((request, response) => {
      const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      if (++tries <= 4) {
        response
          .writeHead(200, { 'content-length': content.length })
          .write(Buffer.alloc(1000, 7), () => setTimeout(() => response.destroy(), 500));
      } else {
        response
          .writeHead(
            start > 0 ? 206 : 200,
            start > 0 ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` } : {},
          )
          .end(content.subarray(start));
      }
    });
    const ref = { uri: `${server.url}/model.bin`, sha256: digest };
    await expect(artifacts().file(ref)).rejects.toMatchObject({ code: 'artifact-unreachable' });
    expect(await artifacts().file(ref)).toMatchObject({ sha256: digest, cached: false });
  });

  it('is tried again where the server is busy', async () => {
    let busy = 2;
    server = await serve((_, response) => (busy-- > 0 ? response.writeHead(503).end() : response.end(content)));
    expect(await artifacts().file({ uri: `${server.url}/a` })).toMatchObject({ sha256: digest });
    expect(server.requests).toHaveLength(3);
  });

  it('is found through redirects, a few of them, and credentials stay behind', async () => {
    const elsewhere = await serve((_, response) => response.end(content));
    server = await serve((request, response) => {
      const hop = Number(request.url!.slice(1));
      response.writeHead(302, { location: hop > 0 ? `/${hop - 1}` : `${elsewhere.url}/final` }).end();
    });
    const { url } = server;
    try {
      const hub = artifacts({ env: { HF_ENDPOINT: url, HF_TOKEN: 'secret' } });
      expect(await hub.file({ uri: `hf:owner/repo@${'c'.repeat(40)}/x` })).toMatchObject({ sha256: digest });
      expect(server.headers[0]!.authorization).toBe('Bearer secret');
      expect(await artifacts().file({ uri: `${url}/3` })).toMatchObject({ sha256: digest });
      await expect(artifacts().file({ uri: `${url}/9` })).rejects.toMatchObject({
        code: 'artifact-unreachable',
        message: containing('redirects'),
      });
      expect(elsewhere.headers.every(({ authorization }) => authorization === undefined)).toBe(true);
    } finally {
      await elsewhere.close();
    }
  });

  it('is not fetched over plain http from another machine, nor by a name with a password', async () => {
    await expect(artifacts().file({ uri: 'http://example.invalid/a' })).rejects.toMatchObject({
      code: 'invalid-option',
      message: containing('https'),
    });
    const error: Error = (await artifacts()
      .file({ uri: 'https://user:secret@example.invalid/a' })
      .catch((caught: Error) => caught)) as Error;
    expect(error).toMatchObject({ code: 'invalid-option' });
    expect(error.message).not.toContain('secret');
  });

  it.each(['http_proxy', 'all_proxy', 'ALL_PROXY'])('is taken through the proxy that %s names', async (variable) => {
    server = await serve((_, response) => response.end(content));
    const { port } = new URL(server.url);
    const tunnels: string[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      tunnels.push(request.url!);
      const onward = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      for (const end of [onward, socket]) end.on('error', () => {});
    });
    await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready));
    try {
      const env = { [variable]: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
      expect(await artifacts({ env }).file({ uri: `${server.url}/model.bin` })).toMatchObject({ sha256: digest });
      expect(tunnels).toEqual([`127.0.0.1:${port}`]);
    } finally {
      proxy.close();
    }
  });

  it('can be a package, unpacked', async () => {
    const zip = makeZip([{ name: 'lib/a.txt', data: 'a' }]);
    server = await serve((_, response) => response.end(zip));
    const { path, cached } = await artifacts().package({ uri: `${server.url}/lib.zip`, archiveSha256: sha256(zip) });
    expect(cached).toBe(false);
    expect(await readFile(join(path, 'lib', 'a.txt'), 'utf8')).toBe('a');
    await expect(artifacts().package({ uri: `${server.url}/lib.zip`, archiveSha256: digest })).rejects.toMatchObject({
      code: 'artifact-digest',
    });
  });
});

describe('a file of the hub', () => {
  it('comes from the endpoint and with the token that the environment names', async () => {
    server = await serve((request, response) => {
      if (request.headers.authorization !== 'Bearer secret') response.writeHead(401).end();
      else response.end(content);
    });
    const uri = 'hf:owner/repo@v1.0/onnx/model file.onnx';
    await expect(artifacts({ env: { HF_ENDPOINT: server.url } }).file({ uri })).rejects.toMatchObject({
      code: 'artifact-unreachable',
      hint: containing('HF_TOKEN'),
    });
    const found = await artifacts({ env: { HF_ENDPOINT: `${server.url}/`, HF_TOKEN: 'secret' } }).file({
      uri,
      sha256: digest,
    });
    expect(found.sha256).toBe(digest);
    expect(server.requests.at(-1)).toBe('GET /owner/repo/resolve/v1.0/onnx/model%20file.onnx');
  });
});

describe('a local file', () => {
  it('is used where it lies, its digest checked', async () => {
    const path = join(folder, 'a.bin');
    await writeFile(path, content);
    expect(await artifacts().file({ uri: `file:${path}`, sha256: digest })).toEqual({
      path,
      sha256: digest,
      bytes: content.length,
      cached: true,
    });
    await expect(artifacts().file({ uri: `file:${path}`, sha256: 'ab'.repeat(32) })).rejects.toMatchObject({
      code: 'artifact-digest',
    });
    await expect(artifacts().file({ uri: `file://${path}x` })).rejects.toMatchObject({ code: 'artifact-not-found' });
    await expect(artifacts().file({ uri: `file:${path}`, maxBytes: 5 })).rejects.toMatchObject({
      code: 'artifact-too-large',
    });
  });
});

describe('a name', () => {
  it.each([
    'model.bin',
    'ftp://example.invalid/x',
    'npm:pkg',
    'npm:pkg@latest/x',
    'npm:pkg@^1.0.0/x',
    'npm:-g@1.0.0/x',
    'npm:pkg@1.0.0/../x',
    'npm:pkg@1.0.0',
    'pypi:pkg@1.0/a\\b',
    'pypi:--pre@1.0/x',
    'pypi:pkg@1.0/x?os=linux',
    'pypi:pkg@1.0/x?python=3.11',
    'hf:owner/repo/x',
    'file:',
  ])('%s is refused with the forms that are known', async (uri) => {
    await expect(artifacts().file({ uri })).rejects.toMatchObject({ code: 'invalid-option' });
  });
});
