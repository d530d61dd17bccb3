import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TempProject } from '../testing/temp-project.ts';
import { findConfig } from './find-config.ts';
import { loadConfig } from './load-config.ts';
import { readEntries } from './read-entries.ts';

let project: TempProject;
beforeEach(async () => {
  project = await TempProject.create();
});
afterEach(() => project.remove());

describe('the configuration of a folder', () => {
  it('is the nearest one upwards', async () => {
    const outer = await project.write('headstart.config.json', {});
    const deep = join(project.folder, 'apps', 'one', 'src');
    await mkdir(deep, { recursive: true });
    expect(findConfig(deep)).toBe(outer);
    const inner = await project.write('apps/one/headstart.config.mjs', 'export default {}');
    expect(findConfig(deep)).toBe(inner);
    expect(findConfig(project.folder)).toBe(outer);
  });

  it('is refused where there are two side by side', async () => {
    await project.write('headstart.config.ts', '');
    await project.write('headstart.config.json', '');
    expect(() => findConfig(project.folder)).toThrow(
      expect.objectContaining({
        code: 'config-invalid',
        message: `There are 2 configurations in ${project.folder}: headstart.config.ts and headstart.config.json.`,
      }),
    );
  });

  const options = `plugins: ['@headstart/vision', ['headstart-plugin-audio', { rate: 16000 }]], defaults: { device: 'cpu', threads: 2, memoryLimit: '4GiB' }`;
  const expected = {
    plugins: ['@headstart/vision', ['headstart-plugin-audio', { rate: 16000 }]],
    defaults: { device: 'cpu', threads: 2, memoryLimit: '4GiB' },
  };

  it.each([
    [
      'ts',
      `import { defineConfig } from 'headstart';\nconst rate: number = 16000;\nexport default defineConfig({ ${options} });`,
    ],
    ['mts', `import { defineConfig } from '@headstart/cli';\nexport default defineConfig({ ${options} });`],
    ['mjs', `export default { ${options} };`],
    ['js', `module.exports = { ${options} };`],
    ['json', `\uFEFF${JSON.stringify(expected)}`],
  ])('may be written in %s', async (ending, text) => {
    const file = await project.write(`headstart.config.${ending}`, text);
    expect(await loadConfig(file)).toEqual(expected);
  });

  it('may have a plugin of its own file, and is given its packages as Node resolves them', async () => {
    await project.install(
      'headstart-plugin-audio',
      'export default (options) => ({ definition: { name: "audio" }, options });',
    );
    await project.write('local.ts', `export const local = { definition: { name: 'local' as string } };`);
    const file = await project.write(
      'headstart.config.ts',
      `import audio from 'headstart-plugin-audio';\nimport { local } from './local.ts';\nexport default { plugins: [audio({ rate: 8 }), local] };`,
    );
    expect(await loadConfig(file)).toEqual({
      plugins: [{ definition: { name: 'audio' }, options: { rate: 8 } }, { definition: { name: 'local' } }],
    });
  });
});

describe('a configuration that is not valid', () => {
  it.each<[what: string, ending: string, text: string, code: string, says: RegExp]>([
    [
      'a slip in a key',
      'ts',
      'export default { plugin: [] };',
      'config-invalid',
      /unknown key "plugin".*Did you mean "plugins"\?/,
    ],
    [
      'a slip in a default',
      'json',
      '{ "defaults": { "devise": "gpu" } }',
      'config-invalid',
      /"defaults\.devise".*"defaults\.device"\?/,
    ],
    [
      'a default that is none',
      'json',
      '{ "defaults": { "threads": "many" } }',
      'config-invalid',
      /defaults\.threads is "many", and has to be a whole number/,
    ],
    [
      'a size that is none',
      'mjs',
      'export default { defaults: { memoryLimit: "4 pounds" } };',
      'config-invalid',
      /memoryLimit is "4 pounds"/,
    ],
    ['no object', 'mjs', 'export default [];', 'config-invalid', /what it gives is \[\], and has to be an object/],
    [
      'no list of plugins',
      'json',
      '{ "plugins": "@headstart/vision" }',
      'config-invalid',
      /plugins is "@headstart\/vision", and has to be a list/,
    ],
    [
      'a plugin that is not called',
      'mjs',
      'export default { plugins: [function audio() {}] };',
      'config-invalid',
      /plugins\[0\] is a function, not a plugin.*Call it: audio\(\)/,
    ],
    [
      'a number for a plugin',
      'mjs',
      'export default { plugins: ["a", 7] };',
      'config-invalid',
      /plugins\[1\] is 7, not a plugin/,
    ],
    [
      'an entry of three',
      'json',
      '{ "plugins": [["a", {}, 1]] }',
      'config-invalid',
      /plugins\[0\] is \["a",\{\},1\], not \[name, options\]/,
    ],
    [
      'no default export',
      'ts',
      'export const plugins = [];',
      'config-invalid',
      /no default export.*export default defineConfig/,
    ],
    [
      'one that throws',
      'ts',
      "const key: string = 'k';\n\nthrow new Error(`No ${key} is set.`);\nexport default {};",
      'config-invalid',
      /headstart\.config\.ts, it failed at line 3:\d+: No k is set\./,
    ],
    [
      'one that throws in plain JavaScript',
      'mjs',
      "\nthrow new Error('No key is set.');",
      'config-invalid',
      /failed at line 2:7: No key is set/,
    ],
    ['one that is not TypeScript', 'ts', 'export default {\n  plugins: [\n  }\n', 'config-invalid', /failed at line 3/],
    ['JSON with a slip', 'json', '{\n  "plugins": [\n    "a" "b"\n  ]\n}', 'config-invalid', /line 3:9 is not JSON/],
    ['JSON that ends early', 'json', '{ "plugins": [', 'config-invalid', /line 1:15 is not JSON/],
    [
      'an import that is not installed',
      'ts',
      "import audio from 'headstart-plugin-audio';\nexport default { plugins: [audio()] };",
      'plugin-missing',
      /imports headstart-plugin-audio, which is not installed.*headstart-plugin-audio/,
    ],
    [
      'the same in plain JavaScript',
      'mjs',
      "import audio from '@acme/audio/plugin';\nexport default {};",
      'plugin-missing',
      /imports @acme\/audio, which is not installed/,
    ],
  ])('is refused with the file and the place: %s', async (_, ending, text, code, says) => {
    const file = await project.write(`headstart.config.${ending}`, text);
    const error = await loadConfig(file).catch((reason: unknown) => reason as Error & { hint: string });
    expect(error).toMatchObject({ code });
    const { message, hint } = error as Error & { hint: string };
    expect(`${message} ${hint}`).toMatch(says);
    expect(message).toContain(file);
  });
});

describe('the text of a configuration', () => {
  it('says which packages it uses, without being run', async () => {
    const file = await project.write(
      'headstart.config.ts',
      `import { defineConfig } from 'headstart';
import vision from '@headstart/vision';
import { audio } from 'headstart-plugin-audio';
throw new Error('It is run.');
export default defineConfig({ plugins: [vision({ background: [0, 0, 0] }), 'a', ['b', { c: 1 }], audio()], defaults: {} });`,
    );
    expect(await readEntries(file)).toEqual(
      ['@headstart/vision', 'a', 'b', 'headstart-plugin-audio'].map((name) => ({ name })),
    );
  });

  it.each([
    ['a spread', 'export default { plugins: [...others] };'],
    ['a condition', "export default { plugins: process.env.X ? ['a'] : [] };"],
    ['a plugin of a file', "import mine from './mine.ts';\nexport default { plugins: [mine()] };"],
    ['a subpath of a package', "import mine from 'a/b';\nexport default { plugins: [mine()] };"],
    ['a name of its own', 'const config = { plugins: [] };\nexport default config;'],
    ['an unknown key', 'export default { plugins: [], default: {} };'],
    ['no plugins', 'export default {};'],
    ['a mistake', 'export default {'],
  ])('does not say it where there is %s', async (_, text) => {
    expect(await readEntries(await project.write('headstart.config.ts', text))).toBeUndefined();
  });
});
