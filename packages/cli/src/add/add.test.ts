import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTarGz, serve, type TestServer } from '@headstart/artifacts/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { spawnCommand } from '../testing/spawn-command.ts';
import { TempProject } from '../testing/temp-project.ts';
import { diffLines, editConfig, newConfig } from './config-edit.ts';
import { parsePackageSpec } from './package-spec.ts';

describe('the name of a package', () => {
  it.each([
    ['headstart-plugin-audio', { name: 'headstart-plugin-audio', version: undefined }],
    ['@acme/audio@1.2.0-rc.1', { name: '@acme/audio', version: '1.2.0-rc.1' }],
    ['audio@^1.2', { name: 'audio', version: '^1.2' }],
    ['audio@latest', { name: 'audio', version: 'latest' }],
  ])('may be %s', (text, spec) => expect(parsePackageSpec(text)).toEqual(spec));

  it.each([
    '',
    '.',
    '..',
    './audio',
    '../audio',
    '/etc',
    'audio/../../etc',
    '@acme',
    '@acme/',
    '@/audio',
    '@acme/audio/sub',
    '@../audio',
    '@acme/..',
    'C:\\audio',
    '-g',
    '--global',
    'Audio',
    'au dio',
    'audio;ls',
    'node_modules',
    'fs',
    'git+ssh://host/x',
    'file:x',
    'https://example.org/x.tgz',
    'npm:other',
    'user/repo',
    'audio@',
    'audio@npm:other',
    'audio@file:../x',
    'audio@-g',
    'audio@>1 <2',
    'a'.repeat(215),
  ])('is not %j', (text) => {
    expect(() => parsePackageSpec(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

let project: TempProject;
beforeEach(async () => {
  project = await TempProject.create();
});
afterEach(() => project.remove());

describe('a configuration that gets a plugin', () => {
  it('keeps its text, in a script', async () => {
    const file = await project.write(
      'headstart.config.ts',
      `import { defineConfig } from 'headstart';
import vision from '@headstart/vision';

// Ours.
export default defineConfig({
  plugins: [vision()], // pictures
  defaults: { device: 'cpu' },
});
`,
    );
    const edit = (await editConfig(file, 'audio', []))!;
    expect(diffLines(edit)).toEqual([
      '-   plugins: [vision()], // pictures',
      "+   plugins: [vision(), 'audio'], // pictures",
    ]);
    expect(await editConfig(file, '@headstart/vision', [])).toBeUndefined();
  });

  it('gets a list where it had none, so that the domains stay', async () => {
    const file = await project.write('headstart.config.mjs', "export default {\n  defaults: { device: 'cpu' },\n};\n");
    expect((await editConfig(file, 'audio', ['@headstart/vision']))!.after).toMatch(
      /plugins: \[\s*["']@headstart\/vision["'],\s*["']audio["']\s*\]/,
    );
  });

  it('stays JSON', async () => {
    const file = await project.write('headstart.config.json', '{\n    "plugins": ["a", ["b", { "c": 1 }]]\n}\n');
    const edit = (await editConfig(file, 'audio', []))!;
    expect(JSON.parse(edit.after)).toEqual({ plugins: ['a', ['b', { c: 1 }], 'audio'] });
    expect(edit.after).toMatch(/^ {4}"plugins"/m);
    expect(await editConfig(file, 'b', [])).toBeUndefined();
  });

  it('is refused where a program cannot change it, with what to write', async () => {
    const file = await project.write('headstart.config.mjs', 'const config = {};\nexport default config;\n');
    await expect(editConfig(file, 'audio', [])).rejects.toMatchObject({
      code: 'config-invalid',
      hint: expect.stringContaining("Add 'audio' to its plugins yourself") as string,
    });
    const spread = await project.write('headstart.config.js', 'export default { plugins: make() };\n');
    await expect(editConfig(spread, 'audio', [])).rejects.toMatchObject({ code: 'config-invalid' });
  });

  it('is new where there was none, in the language of the project', async () => {
    expect(newConfig(project.folder, 'audio', ['@headstart/vision'])).toEqual({
      file: join(project.folder, 'headstart.config.mjs'),
      after: "export default {\n  plugins: ['@headstart/vision', 'audio'],\n};\n",
    });
    await project.write('tsconfig.json', {});
    await project.install('headstart', '');
    expect(newConfig(project.folder, 'audio', [])).toEqual({
      file: join(project.folder, 'headstart.config.ts'),
      after: "import { defineConfig } from 'headstart';\n\nexport default defineConfig({\n  plugins: ['audio'],\n});\n",
    });
  });
});

describe('headstart add, with npm and a registry', () => {
  const scheme = { scheme: 'tones', modality: 'audio', description: 'nets by file' };
  const published: Record<string, { manifest: object; module: string }> = {
    'headstart-tones': {
      manifest: {
        keywords: ['headstart-plugin'],
        headstart: { api: 1, contributes: { schemes: [scheme] } },
        scripts: { install: 'touch ran' },
      },
      module: `const scheme = { ...${JSON.stringify(scheme)}, resolve() {} };
export default () => ({ definition: { name: 'headstart-tones', version: '1.2.0', headstart: '^0.1', setup: ({ sources }) => sources.addScheme(scheme) } });`,
    },
    'headstart-throws': { manifest: { keywords: ['headstart-plugin'] }, module: "throw new Error('No ears.');" },
    'left-pad': { manifest: {}, module: '' },
    'headstart-next': { manifest: { headstart: { api: 2, contributes: {} } }, module: '' },
    'headstart-old': {
      manifest: { keywords: ['headstart-plugin'], peerDependencies: { '@headstart/core': '^99.0.0' } },
      module: '',
    },
  };
  let registry: TestServer;

  beforeAll(async () => {
    registry = await serve(({ url = '' }, response) => {
      const [, name = '', rest] = /^\/([^/]+)(\/.*)?$/.exec(url) ?? [];
      const found = published[name];
      if (!found) return response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}');
      const document = { name, version: '1.2.0', type: 'module', exports: './index.js', ...found.manifest };
      const tarball = makeTarGz([
        { name: 'package/package.json', data: JSON.stringify(document) },
        { name: 'package/index.js', data: found.module },
      ]);
      if (rest) return response.end(tarball);
      const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
      const version = { ...document, dist: { tarball: `${registry.url}/${name}/-/${name}-1.2.0.tgz`, integrity } };
      response.setHeader('content-type', 'application/json');
      return response.end(JSON.stringify({ name, 'dist-tags': { latest: '1.2.0' }, versions: { '1.2.0': version } }));
    });
  });
  afterAll(() => registry.close());

  const add = (name: string, { at = registry.url, args = ['--json'] }: { at?: string; args?: string[] } = {}) =>
    spawnCommand(['add', name, ...args], {
      cwd: project.folder,
      env: {
        npm_config_registry: at,
        npm_config_cache: join(project.folder, '.npm'),
        npm_config_userconfig: join(project.folder, '.npmrc'),
        npm_config_globalconfig: join(project.folder, '.npmrc-global'),
        npm_config_user_agent: '',
        npm_config_audit: 'false',
        npm_config_fund: 'false',
      },
    });
  const errorOf = ({ stdout }: { stdout: string }) =>
    (JSON.parse(stdout) as { error: { code: string; message: string; hint: string } }).error;
  const configs = async () => (await readdir(project.folder)).filter((name) => name.startsWith('headstart.config'));

  it('shows what it would do where nobody can be asked, does it with --yes, and loads the plugin once', async () => {
    await project.write('package.json', { name: 'app', private: true });
    const shown = await add('headstart-tones', { args: [] });
    expect(shown.code).toBe(2);
    expect(shown.stderr).toContain('headstart-tones 1.2.0 brings 1 schemes');
    expect(shown.stderr).toContain('npm install --ignore-scripts headstart-tones@1.2.0');
    expect(shown.stderr).toMatch(/\+ {3}plugins: \['@headstart\/vision', .*'headstart-tones'\],/);
    expect(shown.stderr).toContain('[usage]');
    expect(await configs()).toEqual([]);

    const done = await add('headstart-tones', { args: ['--yes', '--json'] });
    expect(done).toMatchObject({ code: 0 });
    expect(JSON.parse(done.stdout)).toEqual({
      name: 'headstart-tones',
      version: '1.2.0',
      registers: { schemes: ['tones:'] },
      configuration: join(project.folder, 'headstart.config.mjs'),
    });
    const saved = JSON.parse(await readFile(join(project.folder, 'package.json'), 'utf8')) as { dependencies: object };
    expect(saved.dependencies).toEqual({ 'headstart-tones': '^1.2.0' });
    expect(await readdir(join(project.folder, 'node_modules', 'headstart-tones'))).not.toContain('ran');
  }, 240_000);

  it('puts the configuration back where the plugin cannot be used', async () => {
    const before = "export default {\n  plugins: ['@headstart/vision'],\n};\n";
    await project.write('package.json', { name: 'app', private: true });
    const file = await project.write('headstart.config.mjs', before);
    const outcome = await add('headstart-throws', { args: ['--yes', '--json'] });
    expect(outcome.code).toBe(1);
    expect(errorOf(outcome)).toMatchObject({
      code: 'plugin-failed',
      message: expect.stringContaining('No ears.') as string,
      hint: expect.stringContaining('The configuration is as it was') as string,
    });
    expect(await readFile(file, 'utf8')).toBe(before);
  }, 240_000);

  it('refuses what is no plugin, what is for another API or core, what is not there, and says when the registry is not', async () => {
    await project.write('package.json', { name: 'app', private: true });
    const outcomes = await Promise.all([
      add('left-pad'),
      add('headstart-next'),
      add('headstart-old'),
      add('headstart-gone'),
      add('headstart-tones', { at: 'http://127.0.0.1:9' }),
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1]);
    expect(outcomes.map((outcome) => errorOf(outcome).code)).toEqual([
      'plugin-invalid',
      'plugin-incompatible',
      'plugin-incompatible',
      'artifact-not-found',
      'artifact-unreachable',
    ]);
    expect(await configs()).toEqual([]);
    expect(await readdir(project.folder)).not.toContain('package-lock.json');
  }, 240_000);
});
