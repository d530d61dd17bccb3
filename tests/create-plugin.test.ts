import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHeadstart } from '@headstart/core';
import { plainBackend, pointPlugin } from '@headstart/core/testing';
import { createPlugin, type PluginKind } from '@headstart/create-plugin';
import detection from '@headstart/detection';
import nlp from '@headstart/nlp';
import vision from '@headstart/vision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workspaceRoot } from '../tools/workspace/root.mjs';
import { jsonCommand } from './json-command.ts';

const kinds: readonly PluginKind[] = ['source', 'reader', 'task', 'strategy', 'metric'];
const folderOf = (kind: PluginKind) => `headstart-plugin-first-${kind}`;

/** A file of an installed dependency. */
const installed = (...path: string[]) => join(workspaceRoot, 'node_modules', ...path);
const tsc = (args: string[], cwd: string) =>
  spawnSync(process.execPath, [installed('typescript', 'bin', 'tsc'), '-b', ...args], { cwd, encoding: 'utf8' });

let root: string;
const { headstart } = jsonCommand(() => root);
beforeAll(async () => {
  // What users get of core: its compiled files, as if installed. Everything else is found in the folder above.
  const { status, stdout } = tsc(['packages/core'], workspaceRoot);
  expect(stdout).toBe('');
  expect(status).toBe(0);
  const base = mkdtempSync(join(tmpdir(), 'headstart-create-'));
  root = join(base, 'plugins');
  symlinkSync(installed(), join(base, 'node_modules'), 'junction');
  for (const name of ['core', 'artifacts']) {
    const to = join(root, 'node_modules', '@headstart', name);
    mkdirSync(to, { recursive: true });
    for (const path of ['package.json', 'dist'])
      cpSync(join(workspaceRoot, 'packages', name, path), join(to, path), { recursive: true });
  }
  for (const kind of kinds) await createPlugin({ name: `@acme/${folderOf(kind)}`, kind }, root);
});
afterAll(() => rmSync(join(root, '..'), { recursive: true, force: true }));

describe('plugins as they are made', () => {
  it('pass their own tests, of which each has some', () => {
    // One run over all, each by the configuration that it came with.
    writeFileSync(
      join(root, 'vitest.config.mjs'),
      `export default { test: { projects: ['headstart-plugin-*'], maxWorkers: 2 } };\n`,
    );
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [installed('vitest', 'vitest.mjs'), 'run', '--reporter=json'],
      {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '', VITEST: undefined },
      },
    );
    const report = JSON.parse(stdout.slice(stdout.indexOf('{"'))) as {
      success: boolean;
      testResults: { name: string; status: string; message: string; assertionResults: { status: string }[] }[];
    };
    const files = report.testResults.map(({ name, status, message, assertionResults }) => ({
      name: name.slice(name.indexOf('headstart-plugin')),
      status,
      message,
      some: assertionResults.length > 0 && assertionResults.every((test) => test.status === 'passed'),
    }));
    const expected = kinds.flatMap((kind) =>
      ['conformance', 'plugin'].map((name) => `${folderOf(kind)}/src/${name}.test.ts`),
    );
    expect(
      files.sort((a, b) => (a.name < b.name ? -1 : 1)),
      stderr,
    ).toEqual(expected.sort().map((name) => ({ name, status: 'passed', message: '', some: true })));
    expect(report.success).toBe(true);
  }, 300_000);

  it('have no error of types, and compile', () => {
    const configs = kinds.flatMap((kind) =>
      ['tsconfig.json', 'tsconfig.build.json'].map((file) => join(folderOf(kind), file)),
    );
    const { status, stdout } = tsc(configs, root);
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  it('are packed with what their users need, and nothing else', () => {
    for (const kind of ['source', 'metric'] as const) {
      const report = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
        cwd: join(root, folderOf(kind)),
        encoding: 'utf8',
        shell: process.platform === 'win32',
      });
      const [packed] = Object.values(JSON.parse(report) as { files: { path: string }[] }[]);
      const modules = kind === 'source' ? ['index', 'load-weights', 'network', 'source'] : ['index', 'metric'];
      expect(packed!.files.map(({ path }) => path).sort()).toEqual(
        [
          'LICENSE',
          'README.md',
          'package.json',
          ...modules.flatMap((name) => [`dist/${name}.d.ts`, `dist/${name}.js`]),
          ...(kind === 'source' ? ['weights/weights.safetensors'] : []),
        ].sort(),
      );
    }
  });

  it('are listed by the command that finds them installed and configured', async () => {
    mkdirSync(join(root, 'node_modules', '@acme'));
    for (const kind of kinds)
      symlinkSync(join(root, folderOf(kind)), join(root, 'node_modules', '@acme', folderOf(kind)), 'junction');
    const names = kinds.map((kind) => `@acme/${folderOf(kind)}`);
    writeFileSync(join(root, 'headstart.config.json'), JSON.stringify({ plugins: names }));
    const { code, stdout, stderr } = await headstart(['plugins']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const listed = JSON.parse(stdout) as { name: string; origin: string; registers: object; problem?: object }[];
    expect(listed.filter(({ origin }) => origin === 'config')).toEqual(
      kinds.map((kind, i) => ({
        name: names[i],
        version: '0.1.0',
        origin: 'config',
        path: expect.stringContaining(folderOf(kind)) as string,
        registers: { [kind === 'strategy' ? 'strategies' : `${kind}s`]: [`first-${kind}`] },
      })),
    );
  });

  it('do when compiled what they do from their sources', () => {
    const program = `
      import { createHeadstart } from '@headstart/core';
      import { plainBackend, pointPlugin } from '@headstart/core/testing';
      const names = ${JSON.stringify(kinds.map((kind) => `@acme/${folderOf(kind)}`))};
      const modules = await Promise.all(names.map((name) => import(name)));
      const plugins = [pointPlugin(), ...modules.map((module) => module.default())];
      const headstart = await createHeadstart({ backend: await plainBackend(), plugins, cacheRoot: 'cache' });
      const choices = { source: 'first-source', strategy: 'first-strategy' };
      const { metrics } = await headstart.train({ target: 'points', ...choices, epochs: 2, out: 'model' });
      console.log(JSON.stringify({
        tasks: headstart.tasks().map(({ value }) => value.id),
        readers: headstart.readers().map(({ value }) => value.id),
        metrics: Object.keys(metrics.test),
      }));`;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(JSON.parse(output.trim().split('\n').at(-1)!)).toEqual({
      tasks: ['point-classification', 'first-task'],
      readers: ['first-reader'],
      metrics: expect.arrayContaining(['accuracy', 'first-metric']) as string[],
    });
  });
});

describe('what a new plugin is tested with', () => {
  it('is what this repository is tested with', () => {
    const read = (path: string) =>
      JSON.parse(readFileSync(path, 'utf8')) as { devDependencies: Record<string, string> };
    const { devDependencies: own } = read(join(workspaceRoot, 'package.json'));
    const { devDependencies } = read(join(root, folderOf('metric'), 'package.json'));
    const core = read(join(workspaceRoot, 'packages/core/package.json')).devDependencies;
    expect(devDependencies).toMatchObject({
      '@types/node': own['@types/node'],
      typescript: own['typescript'],
      vitest: `^${own['vitest']}`,
      '@tensorflow/tfjs-backend-cpu': core['@tensorflow/tfjs-backend-cpu'],
    });
  });
});

it("refuses the names of what core, the domains and the examples' tests bring", async () => {
  const plugins = [vision(), nlp(), detection(), pointPlugin()];
  const composed = await createHeadstart({ backend: await plainBackend(), plugins });
  const taken: Record<PluginKind, readonly { value: { id: string } }[]> = {
    source: composed.sources(),
    reader: composed.readers(),
    task: composed.tasks(),
    strategy: composed.strategies(),
    metric: composed.metrics().filter(({ value: { kind } }) => kind === 'classification'),
  };
  const refusals = kinds.flatMap((kind) =>
    taken[kind]
      // A package cannot be called macroF1.
      .filter(({ value: { id } }) => /^[a-z0-9-]+$/.test(id))
      .map(({ value: { id } }) => ({ name: `headstart-plugin-${id}`, kind })),
  );
  const packages = plugins.map(({ definition: { name } }) => ({ name, kind: 'metric' as const }));
  expect(refusals.length).toBeGreaterThan(30);
  for (const options of [...refusals, ...packages])
    await expect(createPlugin(options, root), options.name).rejects.toMatchObject({ code: 'plugin-conflict' });
});
