import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HeadstartError } from '../errors/headstart-error.ts';
import { createArtifacts } from '../create-artifacts.ts';
import { makeTarGz, makeZip, serve, sha256, type TestServer } from '../testing/make-archives.ts';
import { containing } from '../testing/matchers.test.kit.ts';

let folder: string;
let server: TestServer | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-registries-'));
  await mkdir(join(folder, 'bin'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

const has = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const hasNpm = has('npm', '--version');
const hasPip = has('python3', '-m', 'pip', '--version');

/** An environment without the user's settings; with `clients`, npm and pip can be found. */
function environment(clients: boolean, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    PATH: clients ? process.env.PATH : join(folder, 'bin'),
    HOME: folder,
    XDG_CONFIG_DIRS: folder,
    npm_config_cache: join(folder, 'npm-cache'),
    npm_config_globalconfig: join(folder, 'global-npmrc'),
    npm_config_fetch_retries: '0',
    PIP_CONFIG_FILE: process.platform === 'win32' ? 'nul' : '/dev/null',
    PIP_RETRIES: '0',
    ...more,
  };
}
const artifacts = (env: NodeJS.ProcessEnv) => createArtifacts({ root: join(folder, 'cache'), env });

const tarball = makeTarGz([
  {
    name: 'package/package.json',
    data: '{"name":"@scope/tiny","version":"1.2.3","scripts":{"prepack":"touch ran","install":"touch ran"}}',
  },
  { name: 'package/data/a.txt', data: 'hello' },
]);

async function npmRegistry({
  archive = tarball,
  integrity = createHash('sha512').update(archive).digest('base64'),
  token,
}: {
  archive?: Buffer;
  integrity?: string;
  token?: string;
} = {}) {
  server = await serve((request, response) => {
    if (token && request.headers.authorization !== `Bearer ${token}`) response.writeHead(401).end('{}');
    else if (request.url === '/@scope%2ftiny') {
      const dist = { tarball: `${server!.url}/@scope/tiny/-/tiny-1.2.3.tgz`, integrity: `sha512-${integrity}` };
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          name: '@scope/tiny',
          'dist-tags': { latest: '1.2.3' },
          versions: { '1.2.3': { name: '@scope/tiny', version: '1.2.3', dist } },
        }),
      );
    } else if (request.url === '/@scope/tiny/-/tiny-1.2.3.tgz') response.end(archive);
    else response.writeHead(404).end('{}');
  });
  return server;
}

describe.each([
  ['npm', true],
  ['the registry that npm settings name, without npm', false],
])('a package of npm by %s', (_, clients) => {
  it.skipIf(clients && !hasNpm)('comes as the registry serves it, unpacked, pinned and cached', async () => {
    const { url, requests } = await npmRegistry();
    const env = environment(clients, { npm_config_registry: url });
    const file = { uri: 'npm:@scope/tiny@1.2.3/data/a.txt', sha256: sha256(Buffer.from('hello')) };
    const found = await artifacts(env).file(file);
    expect(await readFile(found.path, 'utf8')).toBe('hello');
    expect(found).toMatchObject({ bytes: 5, cached: false });
    expect(
      await artifacts(env).package({ uri: 'npm:@scope/tiny@1.2.3', archiveSha256: sha256(tarball) }),
    ).toMatchObject({ cached: true });
    const asked = requests.length;
    expect(await artifacts(env).file(file)).toMatchObject({ cached: true });
    expect(requests).toHaveLength(asked);
    await expect(artifacts(env).file({ ...file, sha256: 'ab'.repeat(32) })).rejects.toMatchObject({
      code: 'artifact-digest',
    });
    await expect(artifacts(env).file({ uri: 'npm:@scope/tiny@1.2.3/data/b.txt' })).rejects.toMatchObject({
      code: 'artifact-not-found',
      hint: containing('data/a.txt'),
    });
    await expect(artifacts(env).file({ uri: 'npm:@scope/tiny@1.2.3/data' })).rejects.toMatchObject({
      code: 'artifact-not-found',
      message: containing('folder'),
    });
  });

  it.skipIf(clients && !hasNpm)('with another archive than the pinned one is refused and not kept', async () => {
    const { url } = await npmRegistry();
    const env = environment(clients, { npm_config_registry: url });
    await expect(
      artifacts(env).package({ uri: 'npm:@scope/tiny@1.2.3', archiveSha256: 'ab'.repeat(32) }),
    ).rejects.toMatchObject({ code: 'artifact-digest' });
    expect(await readdir(join(folder, 'cache', 'files')).catch(() => [])).toEqual([]);
  });

  it.skipIf(clients && !hasNpm)('that its registry does not have is not found', async () => {
    const { url } = await npmRegistry();
    const env = environment(clients, { npm_config_registry: url });
    await expect(artifacts(env).file({ uri: 'npm:@scope/tiny@9.9.9/x' })).rejects.toMatchObject({
      code: 'artifact-not-found',
    });
    await expect(artifacts(env).file({ uri: 'npm:missing@1.0.0/x' })).rejects.toMatchObject({
      code: 'artifact-not-found',
    });
  });

  it.skipIf(clients && !hasNpm)('that is not what the registry states is refused', async () => {
    const { url } = await npmRegistry({ integrity: createHash('sha512').update('something else').digest('base64') });
    const env = environment(clients, { npm_config_registry: url });
    await expect(artifacts(env).file({ uri: 'npm:@scope/tiny@1.2.3/data/a.txt' })).rejects.toMatchObject({
      code: 'artifact-digest',
    });
  });

  it.skipIf(clients && !hasNpm)('comes from the registry of its scope, with the credentials of the user', async () => {
    const { url } = await npmRegistry({ token: 'secret' });
    await writeFile(
      join(folder, '.npmrc'),
      `registry=http://127.0.0.1:9/\n@scope:registry=${url}\n//${new URL(url).host}/:_authToken=\${TOKEN}\n`,
    );
    const env = environment(clients, { TOKEN: 'secret', npm_config_userconfig: join(folder, '.npmrc') });
    expect(await artifacts(env).file({ uri: 'npm:@scope/tiny@1.2.3/data/a.txt' })).toMatchObject({ bytes: 5 });
  });

  it.skipIf(clients && !hasNpm)('is unreachable where no registry answers', async () => {
    const env = environment(clients, { npm_config_registry: 'http://127.0.0.1:9/' });
    await expect(artifacts(env).file({ uri: 'npm:tiny@1.2.3/x' })).rejects.toMatchObject({
      code: 'artifact-unreachable',
      hint: containing('cache folder'),
    });
  });
});

it.skipIf(!hasNpm)('a package of npm may have so many files that npm cannot be heard out', async () => {
  const long = 'a-name-as-long-as-those-of-drawings-of-emoji-whose-code-points-are-many';
  const files = Array.from({ length: 8_000 }, (_, i) => ({ name: `package/${long}/${i}.svg`, data: '' }));
  const manifest = { name: 'package/package.json', data: '{"name":"@scope/tiny","version":"1.2.3"}' };
  const { url } = await npmRegistry({ archive: makeTarGz([manifest, ...files]) });
  const env = environment(true, { npm_config_registry: url });
  expect(await artifacts(env).file({ uri: `npm:@scope/tiny@1.2.3/${long}/7999.svg` })).toMatchObject({ bytes: 0 });
});

it('a package of npm is unreachable where there is neither npm nor a registry in its settings', async () => {
  await expect(artifacts(environment(false)).file({ uri: 'npm:tiny@1.2.3/x' })).rejects.toMatchObject({
    code: 'artifact-unreachable',
    hint: containing('npm_config_registry'),
  });
});

const wheelParts = (text: string) => [
  { name: 'tiny_model/__init__.py', data: 'raise SystemExit("ran")' },
  { name: 'tiny_model/weights.bin', data: text },
  { name: 'tiny_model-0.1.0.dist-info/METADATA', data: 'Metadata-Version: 2.1\nName: tiny-model\nVersion: 0.1.0\n' },
  { name: 'tiny_model-0.1.0.dist-info/WHEEL', data: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n' },
  { name: 'tiny_model-0.1.0.dist-info/RECORD', data: '' },
];
const pure = makeZip(wheelParts('pure'));
const native = makeZip(wheelParts('native'));
const source = makeTarGz([
  { name: 'only_source-2.0/setup.py', data: 'open("ran", "w")\nraise SystemExit("ran")\n' },
  { name: 'only_source-2.0/PKG-INFO', data: 'Metadata-Version: 2.1\nName: only-source\nVersion: 2.0\n' },
  { name: 'only_source-2.0/data/w.bin', data: 'source' },
]);
const offered: Record<string, Record<string, Buffer>> = {
  'tiny-model': {
    'tiny_model-0.1.0-py3-none-any.whl': pure,
    'tiny_model-0.1.0-cp39-cp39-manylinux_2_27_x86_64.whl': native,
    'tiny_model-0.2.0-py3-none-any.whl': makeZip(wheelParts('newer')),
  },
  'only-source': { 'only_source-2.0.tar.gz': source },
  'only-native': { 'only_native-1.0-cp39-cp39-win_amd64.whl': native },
};

async function pythonIndex({
  json = false,
  wrong = false,
  user,
}: {
  json?: boolean;
  wrong?: boolean;
  user?: string;
} = {}) {
  server = await serve((request, response) => {
    const [, kind, name = '', file = ''] = request.url!.split('/');
    const files = offered[name];
    const digest = (bytes: Buffer) => (wrong ? 'ab'.repeat(32) : sha256(bytes));
    if (user && request.headers.authorization !== `Basic ${Buffer.from(user).toString('base64')}`)
      response.writeHead(401).end();
    else if (kind === 'files' && files?.[decodeURIComponent(file)]) response.end(files[decodeURIComponent(file)]);
    else if (kind !== 'simple' || !files) response.writeHead(404).end();
    else if (json) {
      response.setHeader('content-type', 'application/vnd.pypi.simple.v1+json');
      const list = Object.entries(files).map(([filename, bytes]) => ({
        filename,
        url: `../../files/${name}/${filename}`,
        hashes: { sha256: digest(bytes) },
      }));
      response.end(JSON.stringify({ meta: { 'api-version': '1.0' }, name, files: list }));
    } else {
      response.setHeader('content-type', 'text/html');
      const anchors = Object.entries(files).map(
        ([file, bytes]) =>
          `<a data-requires-python="&gt;=3.6" href="/files/${name}/${file}#sha256=${digest(bytes)}">${file}</a><br/>`,
      );
      response.end(`<!DOCTYPE html><html><body>${anchors.join('\n')}</body></html>`);
    }
  });
  return server;
}

describe.each([
  ['pip', true, false],
  ['pip over a JSON index', true, true],
  ['the index that pip settings name, without pip', false, false],
  ['that index by its JSON API, without pip', false, true],
])('a package of Python by %s', (_, clients, json) => {
  const skip = clients && !hasPip;

  it.skipIf(skip)('comes as a wheel, unpacked, pinned and cached; none of its code runs', async () => {
    const { url, requests } = await pythonIndex({ json });
    const env = environment(clients, { PIP_INDEX_URL: `${url}/simple` });
    const found = await artifacts(env).file({
      uri: 'pypi:Tiny.Model@0.1.0/tiny_model/weights.bin',
      sha256: sha256(Buffer.from('pure')),
    });
    expect(found.cached).toBe(false);
    const asked = requests.length;
    expect(
      await artifacts(env).package({
        uri: 'pypi:tiny-model@0.1.0',
        include: ['tiny_model/weights.bin'],
        archiveSha256: sha256(pure),
      }),
    ).toMatchObject({ cached: true });
    expect(requests).toHaveLength(asked);
  });

  it.skipIf(skip)('comes as the wheel for the interpreter and platform that are named', async () => {
    const { url } = await pythonIndex({ json });
    const env = environment(clients, { PIP_INDEX_URL: `${url}/simple` });
    const uri = 'pypi:tiny-model@0.1.0/tiny_model/weights.bin?python=3.9&abi=cp39&platform=manylinux_2_27_x86_64';
    expect(await readFile((await artifacts(env).file({ uri })).path, 'utf8')).toBe('native');
  });

  it.skipIf(skip)('comes as a source archive where there is no wheel, and is not built', async () => {
    const { url } = await pythonIndex({ json });
    const env = environment(clients, { PIP_INDEX_URL: `${url}/simple` });
    const { path } = await artifacts(env).package({ uri: 'pypi:only-source@2.0', archiveSha256: sha256(source) });
    expect((await readdir(path)).sort()).toEqual(['PKG-INFO', 'data', 'setup.py']);
    expect(await readFile(join(path, 'data', 'w.bin'), 'utf8')).toBe('source');
  });

  it.skipIf(skip)('that the index does not have, or only for other machines, is not found', async () => {
    const { url } = await pythonIndex({ json });
    const env = environment(clients, { PIP_INDEX_URL: `${url}/simple` });
    await expect(artifacts(env).file({ uri: 'pypi:tiny-model@3.0/x' })).rejects.toMatchObject({
      code: 'artifact-not-found',
    });
    await expect(artifacts(env).file({ uri: 'pypi:missing@1.0/x' })).rejects.toMatchObject({
      code: 'artifact-not-found',
    });
    await expect(artifacts(env).file({ uri: 'pypi:only-native@1.0/x' })).rejects.toMatchObject({
      code: 'artifact-not-found',
      message: containing('win_amd64'),
    });
  });

  it.skipIf(skip)('that is not what the index states is refused', async () => {
    const { url } = await pythonIndex({ json, wrong: true });
    const env = environment(clients, { PIP_INDEX_URL: `${url}/simple` });
    await expect(artifacts(env).file({ uri: 'pypi:tiny-model@0.1.0/tiny_model/weights.bin' })).rejects.toMatchObject({
      code: 'artifact-digest',
    });
  });

  it.skipIf(skip)('comes with the credentials of the index, which no message shows', async () => {
    const { url } = await pythonIndex({ json, user: 'user:pass' });
    const index = `${url.replace('//', '//user:pass@')}/simple`;
    const env = environment(clients, { PIP_INDEX_URL: index });
    expect(await artifacts(env).file({ uri: 'pypi:tiny-model@0.1.0/tiny_model/weights.bin' })).toMatchObject({
      bytes: 4,
    });
    await server!.close();
    const error = (await artifacts(env)
      .file({ uri: 'pypi:tiny-model@0.2.0/x' })
      .catch((caught: unknown) => caught)) as HeadstartError;
    expect(error.code).toBe('artifact-unreachable');
    expect(error.message + error.hint).not.toContain('pass@');
  });

  it.skipIf(skip)('comes from a folder of wheels, where that is all there is', async () => {
    const wheels = join(folder, 'wheels');
    await mkdir(wheels);
    await writeFile(join(wheels, 'tiny_model-0.1.0-py3-none-any.whl'), pure);
    const env = environment(clients, { PIP_NO_INDEX: '1', PIP_FIND_LINKS: json ? pathToFileURL(wheels).href : wheels });
    expect(await artifacts(env).file({ uri: 'pypi:tiny-model@0.1.0/tiny_model/weights.bin' })).toMatchObject({
      bytes: 4,
    });
  });
});

describe('a package of Python without pip', () => {
  it('is unreachable where no pip setting names an index', async () => {
    await expect(artifacts(environment(false)).file({ uri: 'pypi:tiny@1.0/x' })).rejects.toMatchObject({
      code: 'artifact-unreachable',
      hint: containing('PIP_INDEX_URL'),
    });
  });

  it("is looked for where the user's pip.conf says", async () => {
    const { url } = await pythonIndex();
    await mkdir(join(folder, 'pip'), { recursive: true });
    await writeFile(
      join(folder, 'pip', 'pip.conf'),
      `# company index\n[global]\nindex-url = http://127.0.0.1:9/simple\n[download]\nindex-url: ${url}/simple\n`,
    );
    const env = environment(false, { PIP_CONFIG_FILE: undefined, XDG_CONFIG_HOME: folder });
    expect(await artifacts(env).file({ uri: 'pypi:tiny-model@0.1.0/tiny_model/weights.bin' })).toMatchObject({
      bytes: 4,
    });
  });
});

describe('the registries that this machine is set up for', () => {
  const reach = async <T>(skip: (why: string) => never, work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      if (HeadstartError.is(error) && error.code === 'artifact-unreachable') return skip(error.message);
      throw error;
    });

  it.skipIf(!hasNpm)('give a package of npm', async (context) => {
    const env = { ...process.env, npm_config_fetch_retries: '0' };
    const found = await reach((why) => context.skip(why), artifacts(env).file({ uri: 'npm:is-number@7.0.0/index.js' }));
    expect(found.sha256).toBe('04255e482e181687823a95b207802ddd32e746c65dce4c95a5176fc192735960');
  });

  it.skipIf(!hasPip)('give a package of Python', async (context) => {
    const found = await reach(
      (why) => context.skip(why),
      artifacts(process.env).file({ uri: 'pypi:idna@3.7/idna/package_data.py' }),
    );
    expect(await readFile(found.path, 'utf8')).toBe("__version__ = '3.7'\n\n");
  });
});
