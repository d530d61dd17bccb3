import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlugin } from './create-plugin.ts';
import type { PluginOptions } from './options.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-create-'));
});
afterAll(() => rm(root, { recursive: true }));

let folders = 0;
/** An empty folder to work in. */
async function workplace(): Promise<string> {
  const folder = join(root, String(folders++));
  await mkdir(folder);
  return folder;
}
const metric = { name: 'headstart-plugin-tones', kind: 'metric' } as const;

describe('a new plugin', () => {
  it('has its names in every file, and none of the templates', async () => {
    const cwd = await workplace();
    const { folder, files } = await createPlugin({ name: '@acme/headstart-plugin-tone-net', kind: 'source' }, cwd);
    expect(folder).toBe(join(cwd, 'headstart-plugin-tone-net'));
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(paths.sort()).toEqual(files.map((path) => join(folder, path)).sort());
    expect(files).toEqual(
      expect.arrayContaining(['.gitignore', '.github/workflows/ci.yml', 'LICENSE', 'tsconfig.json']),
    );
    for (const path of paths)
      expect(await readFile(path, 'latin1'), path).not.toMatch(/your[- ](name|licence|headstart|year)/i);
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      name: '@acme/headstart-plugin-tone-net',
      license: 'Apache-2.0',
      keywords: expect.arrayContaining(['headstart-plugin']) as string[],
      headstart: { api: 1, contributes: { sources: [{ id: 'tone-net', title: 'Tone net', licence: 'Apache-2.0' }] } },
    });
  });

  it('takes the versions of core that go with this package', async () => {
    const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    const { folder } = await createPlugin(metric, await workplace());
    expect(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))).toMatchObject({
      peerDependencies: { '@headstart/core': `^${version}` },
      devDependencies: { '@headstart/core': `^${version}` },
    });
    expect(await readFile(join(folder, 'src/index.ts'), 'utf8')).toContain(`headstart: '^${version}'`);
  });

  it('is under the licence that was chosen', async () => {
    const { folder } = await createPlugin({ ...metric, license: 'MIT' }, await workplace());
    expect(await readFile(join(folder, 'LICENSE'), 'utf8')).toContain(
      `Copyright (c) ${new Date().getFullYear()} the authors of headstart-plugin-tones`,
    );
    expect(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))).toMatchObject({ license: 'MIT' });
  });

  it('comes to lie in the folder that was asked for, there already if it is empty', async () => {
    const cwd = await workplace();
    await mkdir(join(cwd, 'empty'));
    const { ino } = await stat(join(cwd, 'empty'));
    const { folder } = await createPlugin({ ...metric, directory: '.' }, join(cwd, 'empty'));
    expect(folder).toBe(join(cwd, 'empty'));
    // Still the same: a shell may stand in it.
    expect((await stat(folder)).ino).toBe(ino);
    expect((await createPlugin({ ...metric, directory: 'deep/er' }, cwd)).folder).toBe(join(cwd, 'deep/er'));
    expect(await readdir(cwd)).toEqual(['deep', 'empty']);
    // Whoever works beside the author can read it, as any folder that is made here.
    expect((await stat(join(cwd, 'deep/er'))).mode).toBe((await stat(cwd)).mode);
  });
});

describe('nothing is written', () => {
  const refused = async (cwd: string, options: Partial<PluginOptions>, code: string) => {
    const before = await readdir(cwd, { recursive: true });
    await expect(createPlugin({ ...metric, ...options }, cwd)).rejects.toMatchObject({ code });
    expect(await readdir(cwd, { recursive: true })).toEqual(before);
  };

  it('where something is in the way', async () => {
    const cwd = await workplace();
    await mkdir(join(cwd, 'full'));
    await writeFile(join(cwd, 'full', '.hidden'), '');
    await writeFile(join(cwd, 'file'), '');
    for (const directory of ['full', 'file', 'file/inside', '.']) await refused(cwd, { directory }, 'storage-failed');
  });

  it('for options that are none', async () => {
    const cwd = await workplace();
    await refused(cwd, { name: '../tones' }, 'invalid-option');
    await refused(cwd, { directory: ' ' }, 'invalid-option');
    await refused(cwd, { kind: 'optimiser' as 'metric' }, 'unknown-name');
    await refused(cwd, { license: 'GPL' }, 'unknown-name');
    await refused(cwd, { kind: 'strategy', name: 'headstart-plugin-fine-tune' }, 'plugin-conflict');
  });
});
