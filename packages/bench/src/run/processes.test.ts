import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BenchConfig } from '../config/bench-config.ts';
import { FolderStore } from '../records/folder-store.ts';
import { fakeBenchHeadstart, FakeTrials } from '../testing/fake-trials.test.support.ts';
import { runBench } from './run-bench.ts';

let root: string;
let program: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-processes-'));
  program = join(root, 'child.mjs');
  // In one file, so that a process begins in half a second.
  await build({
    entryPoints: [fileURLToPath(new URL('./run-bench.test.child.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@headstart/source'],
    external: ['bullmq', 'ioredis'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
});
afterAll(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(root, { recursive: true, maxRetries: 3 });
});

const config = {
  sources: ['net'],
  domains: { train: ['a'], test: ['b', 'c'] },
  strategies: ['linear-probe', 'fine-tune'],
  seeds: 12,
} satisfies BenchConfig;

/** A process that runs the benchmark; `cells` counts what it did. */
function start(dir: string, given: BenchConfig = config) {
  const child = spawn(process.execPath, [program, dir, JSON.stringify(given), '30'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const ids: string[] = [];
  createInterface(child.stdout).on('line', (line) => ids.push(line));
  return { child, ids, first: once(child.stdout, 'data'), ended: once(child, 'exit') };
}

it('comes to the same bytes killed five times, gone on with by two processes at once, and by workers, each cell run once', async () => {
  const dir = join(root, 'killed');
  const store = new FolderStore(dir);
  for (let kill = 0; kill < 5; kill++) {
    const before = (await store.ids()).length;
    const { child, first, ended } = start(dir);
    await first;
    await sleep(7 * kill); // while it trains, and while it publishes
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect((await store.ids()).length).toBeGreaterThan(before);
  }
  const there = await store.ids();
  expect(there.length).toBeLessThan(48);
  const both = [start(dir), start(dir, { ...config, workers: 2 })];
  expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([
    [0, null],
    [0, null],
  ]);
  const ids = both.flatMap((each) => each.ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set([...ids, ...there]).size).toBe(48);
  expect((await readdir(join(dir, '.work'))).filter((name) => !name.startsWith('claim'))).toEqual([]);

  const whole = join(root, 'whole');
  await runBench(fakeBenchHeadstart(new FakeTrials()), config, { out: whole });
  const texts = (folder: string) =>
    Promise.all(['results.json', 'bench.json'].map((name) => readFile(join(folder, name), 'utf8')));
  expect(await texts(dir)).toEqual(await texts(whole));
});
