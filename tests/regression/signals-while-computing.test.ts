import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { workspaceRoot } from '../../tools/workspace/root.mjs';
import { sourceArguments, sourceEnvironment } from '../../tools/workspace/source-mode.mjs';

/**
 * Products of a matrix and a narrow one, on the thread that handles signals by itself, as those of windows that are
 * resized are. On processors with AVX-512 a handled signal corrupted memory there: the first few hundred ended the process.
 */
const PROGRAM = `
import { openBackend } from '@headstart/backend';
import { matMul, randomNormal } from '@tensorflow/tfjs-core';
import { execFileSync } from 'node:child_process';
import { setImmediate } from 'node:timers/promises';
let signals = 0;
process.on('SIGUSR2', () => signals++);
const backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu' });
const [a, b] = [randomNormal([700, 384]), randomNormal([384, 2])];
const values = () => {
  const product = matMul(a, b);
  const found = Buffer.from(product.dataSync().buffer).toString('base64');
  product.dispose();
  return found;
};
const expected = values();
let wrong = 0;
console.log('ready');
for (const started = Date.now(); Date.now() - started < 4000; await setImmediate())
  for (let i = 0; i < 50; i++) wrong += values() === expected ? 0 : 1;
const blocked = execFileSync('grep', ['SigBlk', '/proc/self/status'], { encoding: 'utf8' }).trim();
console.log(JSON.stringify({ wrong, handled: signals > 0, blocked: /[1-9a-f]/.test(blocked.split(':')[1]) }));
await backend.close();
process.exit(0);
`;

let folder: string;
beforeAll(async () => {
  // Within the workspace, so that its packages are found.
  folder = await mkdtemp(join(workspaceRoot, 'tests', '.signals-'));
  await writeFile(join(folder, 'program.ts'), PROGRAM);
});
afterAll(() => rm(folder, { recursive: true }));

it.runIf(process.platform === 'linux')(
  'computes the same while signals are handled, and starts children that hear theirs',
  async () => {
    const child = spawn(process.execPath, [...sourceArguments, join(folder, 'program.ts')], {
      env: sourceEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [told, said] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (told += text.toString()));
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)));
    while (!told.includes('ready') && child.exitCode === null) await setTimeout(20);
    while (!told.includes('{') && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGUSR2');
      await setTimeout(1);
    }
    expect(await ended, said).toBe(0);
    expect(JSON.parse(told.slice(told.indexOf('{')))).toEqual({ wrong: 0, handled: true, blocked: false });
  },
);
