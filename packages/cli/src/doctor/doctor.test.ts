import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spawnCommand } from '../testing/spawn-command.ts';
import { runCommand } from '../testing/run-command.ts';
import { FakeHeadstart } from '../testing/fake-headstart.ts';
import { pluginModule, schemeOf, TempProject } from '../testing/temp-project.ts';
import type { Check } from './check.ts';
import { oneCopy } from './copies.ts';
import { cacheCheck, nodeCheck } from './machine-checks.ts';

let project: TempProject;
beforeEach(async () => {
  project = await TempProject.create();
});
afterEach(() => project.remove());

it('compares versions of Node number by number', () => {
  const state = (version: string) => nodeCheck('20.19.0', version).state;
  expect(['20.19.0', '20.19.1', '20.20.0', '22.1.0', '100.0.0'].map(state)).toEqual(Array(5).fill('ok'));
  expect(['20.18.9', '18.99.0', '9.0.0'].map(state)).toEqual(Array(3).fill('fail'));
});

it('writes in the cache to see whether it can, and leaves nothing there', async () => {
  const root = join(project.folder, 'cache');
  expect(await cacheCheck(root)).toMatchObject({ name: 'cache', found: expect.stringContaining(root) as string });
  await writeFile(join(project.folder, 'file'), '');
  expect(await cacheCheck(join(project.folder, 'file', 'cache'))).toMatchObject({
    state: 'fail',
    todo: expect.stringContaining('HEADSTART_CACHE') as string,
  });
});

it('counts the copies that modules of several folders would load', async () => {
  await project.install('one', '');
  await project.write('node_modules/plugin/node_modules/one/package.json', { name: 'one', version: '2.0.0' });
  const plugin = join(project.folder, 'node_modules', 'plugin');
  const deep = join(project.folder, 'src');
  await mkdir(deep);
  const wanted = { several: 'warn', todo: 'Have one.' } as const;
  expect(oneCopy('one', [project.folder, deep], wanted)).toMatchObject({ name: 'one one', state: 'ok' });
  expect(oneCopy('one', [project.folder, plugin], wanted)).toEqual({
    name: 'one one',
    state: 'warn',
    found: `2 copies: 1.2.0 in ${join(project.folder, 'node_modules', 'one')}; 2.0.0 in ${join(plugin, 'node_modules', 'one')}`,
    todo: 'Have one.',
  });
  expect(oneCopy('none', [deep], wanted).state).toBe('fail');
});

it('prints each check with what to do, and ends with 1 where one fails', async () => {
  const { code, stdout } = await runCommand(new FakeHeadstart(), ['doctor']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^here +what +found\nok +node +99\.0\.0\nfail +cache +full\. To do: Free some space\.\n$/);
  const json = await runCommand(new FakeHeadstart(), ['doctor', '--json']);
  expect(JSON.parse(json.stdout)).toEqual({ checks: await new FakeHeadstart().checkUp() });
});

describe('the real doctor', () => {
  it('finds what is wrong with plugins, and what is well', async () => {
    const { setup, manifest } = schemeOf('tones');
    await project.install('headstart-tones', pluginModule('headstart-tones', setup), manifest);
    await project.install('headstart-other', pluginModule('headstart-other', schemeOf('chords').setup), manifest);
    await project.install('headstart-bare', pluginModule('headstart-bare', ''), {
      peerDependencies: { 'wav-decoder': '^1', '@headstart/core': '^0.1' },
    });
    await project.install('headstart-throws', pluginModule('headstart-throws', "throw new Error('No microphone.');"));
    const plugins = ['headstart-tones', 'headstart-other', 'headstart-bare', 'headstart-throws'];
    const file = await project.write('headstart.config.json', { plugins });
    const { code, stdout, stderr } = await spawnCommand(['doctor', '--json'], {
      cwd: project.folder,
      env: { HEADSTART_CACHE: join(project.folder, 'cache'), HEADSTART_BACKEND: '' },
    });
    expect(stderr).toBe('');
    expect(code).toBe(1);
    const { checks } = JSON.parse(stdout) as { checks: Check[] };
    const check = (name: string) => checks.find((each) => each.name === name);
    expect(check('node')?.state).toBe('ok');
    expect(check('configuration')).toMatchObject({ state: 'ok', found: expect.stringContaining(file) as string });
    expect(check('plugin headstart-tones')).toMatchObject({ state: 'ok' });
    expect(check('plugin headstart-other')).toMatchObject({
      state: 'warn',
      found: expect.stringMatching(/"tones": the manifest has it.*"chords": setup adds it/) as string,
    });
    expect(check('plugin headstart-bare')).toMatchObject({
      state: 'fail',
      found: 'it needs wav-decoder, not installed',
      todo: 'Install wav-decoder.',
    });
    expect(check('plugin headstart-throws')).toMatchObject({
      state: 'fail',
      found: expect.stringContaining('No microphone.') as string,
    });
    expect(check('one @headstart/core')?.state).toBe('ok');
    expect(check('one @tensorflow/tfjs-core')?.state).toBe('ok');
    expect(check('backend')?.state).toBe('ok');
    expect(check('cache')).toMatchObject({ found: expect.stringContaining('GB free') as string });
  }, 240_000);
});
