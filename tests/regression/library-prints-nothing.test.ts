import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { workspaceRoot } from '../../tools/workspace/root.mjs';
import { sourceArguments, sourceEnvironment } from '../../tools/workspace/source-mode.mjs';

/** Where oneDNN cannot transpose whole numbers, TensorFlow says so on stderr, at the level of errors. */
const PROGRAM = `
import { openBackend } from '@headstart/backend';
import { ones, transpose } from '@tensorflow/tfjs-core';
const backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu' });
console.log(String(transpose(ones([2, 3], 'int32')).shape));
await backend.close();
`;

let folder: string;
beforeAll(async () => {
  // Within the workspace, so that its packages are found.
  folder = await mkdtemp(join(workspaceRoot, 'tests', '.printing-'));
  await writeFile(join(folder, 'program.ts'), PROGRAM);
});
afterAll(() => rm(folder, { recursive: true }));

function run(level: string | undefined): { stdout: string; stderr: string } {
  const { TF_CPP_MIN_LOG_LEVEL: _, ...environment } = sourceEnvironment();
  return spawnSync(process.execPath, [...sourceArguments, join(folder, 'program.ts')], {
    env: { ...environment, ...(level && { TF_CPP_MIN_LOG_LEVEL: level }) },
    encoding: 'utf8',
  });
}

it('prints nothing of its own on the CPU, and everything where it is told to', () => {
  expect(run(undefined)).toMatchObject({ stdout: '3,2\n', stderr: '' });
  // Information lines are there on every machine: that nothing was printed above is not for want of anything to print.
  expect(run('0').stderr).toMatch(/oneDNN|CPU/);
}, 60_000);
