import { afterEach, beforeEach, expect, it } from 'vitest';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { schemeOf, TempProject } from '../testing/temp-project.ts';
import { entryFile } from '../packages/entry-file.ts';
import { findPackage } from '../packages/find-package.ts';
import { catalogueFromManifests } from './catalogue.ts';
import { loadSetting, readSetting } from './setting.ts';

let project: TempProject;
beforeEach(async () => {
  project = await TempProject.create();
});
afterEach(() => project.remove());

const DOMAINS = ['@headstart/vision', '@headstart/nlp', '@headstart/detection'];

it('uses the installed domains without a configuration, and finds the plugins of others among direct dependencies', async () => {
  const { manifest } = schemeOf('tones');
  await project.install('headstart-plugin-audio', 'throw new Error("It is run.");', manifest);
  await project.install('headstart-plugin-deep', 'throw new Error("It is run.");', manifest);
  await project.install('no-plugin', '');
  await project.write('package.json', {
    dependencies: { 'no-plugin': '1', gone: '1' },
    devDependencies: { 'headstart-plugin-audio': '1' },
  });
  const deep = join(project.folder, 'src');
  await mkdir(deep);
  const { configFile, uses, unused } = await loadSetting(deep);
  expect(configFile).toBeUndefined();
  expect(uses.map(({ name, origin }) => [name, origin])).toEqual(DOMAINS.map((name) => [name, 'installed']));
  expect(unused.map(({ name }) => name)).toEqual(['headstart-plugin-audio']);
});

it('takes a domain of the project before one beside the command', async () => {
  await project.install('@headstart/nlp', '', { version: '9.9.9' });
  const { uses } = await loadSetting(project.folder);
  const nlp = uses.find(({ name }) => name === '@headstart/nlp')?.package;
  expect([nlp?.version, nlp?.folder]).toEqual(['9.9.9', join(project.folder, 'node_modules', '@headstart', 'nlp')]);
});

it('uses what the configuration names and nothing else, from its folder, and lists the rest as not used', async () => {
  await project.install('headstart-plugin-audio', '', schemeOf('tones').manifest);
  const configFile = await project.write('headstart.config.json', {
    plugins: ['headstart-plugin-audio', ['gone', { a: 1 }]],
  });
  const deep = join(project.folder, 'src');
  await mkdir(deep);
  const setting = await loadSetting(deep);
  expect(setting.configFile).toBe(configFile);
  expect(setting.uses).toMatchObject([
    { name: 'headstart-plugin-audio', origin: 'config', package: { version: '1.2.0' } },
    { name: 'gone', origin: 'config', package: undefined, options: { a: 1 } },
  ]);
  expect(setting.unused.map(({ name }) => name)).toEqual(DOMAINS);
});

it('refuses a plugin that is named twice', async () => {
  await project.write('headstart.config.mjs', `export default { plugins: ['a', ['a', {}]] };`);
  await expect(loadSetting(project.folder)).rejects.toMatchObject({
    code: 'config-invalid',
    message: expect.stringContaining('plugins names "a" twice') as string,
  });
});

it('answers from manifests where they say it all, without running anything', async () => {
  await project.install('headstart-plugin-audio', 'throw new Error("It is run.");', schemeOf('tones').manifest);
  await project.write(
    'headstart.config.ts',
    `throw new Error('It is run.');\nexport default { plugins: ['headstart-plugin-audio'] };`,
  );
  const catalogue = catalogueFromManifests((await readSetting(project.folder))!);
  expect(catalogue?.plugins.map(({ name, origin }) => [name, origin])).toEqual([
    ['@headstart/core', 'built in'],
    ['headstart-plugin-audio', 'config'],
    ...DOMAINS.map((name) => [name, 'not used']),
  ]);
  expect(catalogue?.plugins[1]).toMatchObject({ version: '1.2.0', contributes: { schemes: [{ scheme: 'tones' }] } });
});

it.each<[string, () => Promise<void>]>([
  ['a plugin has no manifest', () => project.install('one', '')],
  ['a plugin is not installed', async () => {}],
  ['two add the same', () => project.install('one', '', schemeOf('model').manifest)],
  ['a manifest is not valid', () => project.install('one', '', { headstart: { api: 2, contributes: {} } })],
])('does not answer from manifests where %s', async (_, install) => {
  await install();
  await project.write('headstart.config.json', { plugins: ['one'] });
  expect(catalogueFromManifests((await readSetting(project.folder))!)).toBeUndefined();
});

it('finds the module to import by the conditions of its exports map', async () => {
  const entry = async (exports: unknown) => {
    await project.install('one', '', { exports });
    return entryFile(findPackage('one', project.folder)!).slice(join(project.folder, 'node_modules', 'one').length);
  };
  expect(await entry('./a.js')).toBe('/a.js');
  expect(await entry({ types: './a.d.ts', require: './a.cjs', import: { node: './a.mjs' }, default: './b.js' })).toBe(
    '/a.mjs',
  );
  expect(await entry({ '.': [{ browser: './x.js' }, './a.js'], './package.json': './package.json' })).toBe('/a.js');
  await expect(entry({ './sub': './a.js' })).rejects.toThrow('The package one has no module to import');
  await project.write('node_modules/two/package.json', { name: 'two', main: 'lib' });
  await project.write('node_modules/two/lib/index.js', '');
  expect(entryFile(findPackage('two', project.folder)!)).toBe(join(project.folder, 'node_modules/two/lib/index.js'));
});
