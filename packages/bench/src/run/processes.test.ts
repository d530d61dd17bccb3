import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BenchConfig } from '../config/bench-config.ts';
import { FolderStore } from '../records/folder-store.ts';
import { fakeBenchHeadstart, FakeTrials } from '../testing/fake-trials.test.support.ts';
import { runBench } from './run-bench.ts';

const program = fileURLToPath(new URL('./run-bench.test.child.ts', import.meta.url));
/** What has node run a program of this workspace from its sources. */
const fromSources = [
  '--conditions=@headstart/source',
  '--import',
  pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
];

let root: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-processes-'));
});
afterEach(async () => {
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
  const child = spawn(process.execPath, [...fromSources, program, dir, JSON.stringify(given), '30'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const ids: string[] = [];
  createInterface(child.stdout).on('line', (line) => ids.push(line));
  return { child, ids, first: once(child.stdout, 'data'), ended: once(child, 'exit') };
}

it('comes to the same bytes killed, gone on with by two processes at once, and by workers, each cell run once', async () => {
  const dir = join(root, 'killed');
  {
    const { child, first, ended } = start(dir);
    await first;
    child.kill('SIGKILL');
    await ended;
  }
  const there = await new FolderStore(dir).ids();
  expect(there.length).toBeGreaterThan(1);
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
