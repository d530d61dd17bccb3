import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { workspacePackages } from '../tools/workspace/packages.ts';
import { workspaceRoot } from '../tools/workspace/root.mjs';

const program = `
  import { openBackend } from '@headstart/backend';
  import { createHeadstart } from '@headstart/core';
  import vision from '@headstart/vision';

  const backend = await openBackend({ prefer: 'cpu' });
  const headstart = await createHeadstart({ backend, plugins: [vision()] });
  const { model, metrics } = await headstart.train({
    target: process.argv[2], source: 'small-cnn:16x16x3', strategy: 'from-scratch', epochs: 1, seed: 1, out: process.argv[3],
  });
  const loaded = await headstart.load(model);
  const [answer] = await loaded.predict([process.argv[2] + '/red/0.png']);
  console.log(JSON.stringify({ model, answer }));
`;

let folder: string;

beforeAll(async () => {
  // Inside the workspace, where what stays outside of the bundle is found.
  folder = await mkdtemp(join(workspaceRoot, 'node_modules', '.headstart-bundled-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('a bundle of an app trains and predicts, and knows versions as the packages state them', async () => {
  await mkdir(join(folder, 'app'));
  await writeFile(join(folder, 'app', 'package.json'), '{ "name": "app", "version": "9.9.9", "type": "module" }');
  const target = join(folder, 'pictures');
  for (const colour of ['red', 'blue']) {
    await mkdir(join(target, colour), { recursive: true });
    for (let i = 0; i < 6; i++)
      await sharp({ create: { width: 16, height: 16, channels: 3, background: colour } }).toFile(
        join(target, colour, `${i}.png`),
      );
  }
  const outfile = join(folder, 'app', 'main.mjs');
  await build({
    stdin: { contents: program, resolveDir: join(workspaceRoot, 'tests'), loader: 'ts' },
    tsconfig: join(workspaceRoot, 'tsconfig.base.json'),
    conditions: ['@headstart/source'],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // CommonJS inside a bundle of ES modules asks for Node's own modules by require.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    external: ['sharp', 'koffi'],
    outfile,
    logLevel: 'error',
  });
  const { stdout } = await promisify(execFile)(process.execPath, [outfile, target, join(folder, 'model')], {
    cwd: folder,
    env: { ...process.env, HEADSTART_CACHE: join(folder, 'cache') },
  });
  const { model, answer } = JSON.parse(stdout.trim().split('\n').at(-1)!) as { model: string; answer: unknown };
  expect(answer).toMatchObject({ label: expect.stringMatching(/^(red|blue)$/) as unknown });
  const card = JSON.parse(await readFile(join(model, 'model.json'), 'utf8')) as { headstart: string };
  const core = workspacePackages().find(({ manifest }) => manifest.name === '@headstart/core')!;
  expect(card.headstart).toBe(core.manifest.version);
});
