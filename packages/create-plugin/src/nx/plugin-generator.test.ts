import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProjectConfiguration } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { describe, expect, it } from 'vitest';
import { createPlugin } from '../create-plugin.ts';
import pluginGenerator from './plugin-generator.ts';

const options = { name: '@acme/headstart-plugin-tones', kind: 'source' } as const;

describe('the generator', () => {
  it('writes what the command writes, as a project of the workspace', async () => {
    const tree = createTreeWithEmptyWorkspace();
    await pluginGenerator(tree, options);
    const { root, sourceRoot } = readProjectConfiguration(tree, options.name);
    expect({ root, sourceRoot }).toEqual({
      root: 'packages/headstart-plugin-tones',
      sourceRoot: 'packages/headstart-plugin-tones/src',
    });

    const cwd = await mkdtemp(join(tmpdir(), 'headstart-create-'));
    try {
      const { folder, files } = await createPlugin(options, cwd);
      const own = files.filter((path) => !path.startsWith('.github/'));
      for (const path of own) expect(tree.read(join(root, path)), path).toEqual(await readFile(join(folder, path)));
      const added = tree.listChanges().filter(({ path }) => path.startsWith(`${root}/`));
      expect(added.map(({ path }) => path.slice(root.length + 1)).sort()).toEqual([...own, 'project.json'].sort());
      expect(await readdir(folder)).toContain('.github');
    } finally {
      await rm(cwd, { recursive: true });
    }
  });

  it('takes a folder of the workspace', async () => {
    const tree = createTreeWithEmptyWorkspace();
    await pluginGenerator(tree, { ...options, directory: 'libs/tones' });
    expect(tree.exists('libs/tones/src/index.ts')).toBe(true);
  });

  it.each([
    [{ directory: '../tones' }, 'invalid-option'],
    [{ directory: '/tmp/tones' }, 'invalid-option'],
    [{ directory: 'libs/../..' }, 'invalid-option'],
    [{ directory: '.' }, 'invalid-option'],
    [{ directory: '' }, 'invalid-option'],
    [{ directory: 'nx.json' }, 'storage-failed'],
    [{ directory: 'taken' }, 'storage-failed'],
    [{ name: 'My-Plugin' }, 'invalid-option'],
    [{ kind: 'optimiser' as 'metric' }, 'unknown-name'],
  ])('refuses %j and leaves the workspace as it was', async (more, code) => {
    const tree = createTreeWithEmptyWorkspace();
    tree.write('taken/README.md', '');
    const before = tree.listChanges().map(({ path }) => path);
    await expect(pluginGenerator(tree, { ...options, ...more })).rejects.toMatchObject({ code });
    expect(tree.listChanges().map(({ path }) => path)).toEqual(before);
  });
});
