import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BENCH_FILE, benchFileText, readBenchFile, type BenchFile } from './bench-file.ts';

const bench: BenchFile = {
  format: 1,
  name: 'A benchmark',
  config: { sources: ['s'], domains: { train: ['a'], test: ['b'] }, strategies: ['linear-probe'] },
  folder: '.',
  alpha: 0.05,
  delta: 0.01,
  baseline: 'linear-probe',
  scratch: [],
  probe: ['linear-probe'],
  metrics: {},
  cells: [],
  refused: [],
};

let dir: string;
beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'headstart-bench-file-'))));
afterEach(() => rm(dir, { recursive: true }));

it("a benchmark's file is read as it was written", async () => {
  await writeFile(join(dir, BENCH_FILE), benchFileText(bench));
  expect(await readBenchFile(dir)).toEqual(bench);
});

it('a configuration that is nested too deep to be written again is refused', async () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  await writeFile(join(dir, BENCH_FILE), benchFileText(bench).replace('"s"', deep));
  await expect(readBenchFile(dir)).rejects.toMatchObject({
    code: 'record-invalid',
    message: expect.stringContaining('config: it is nested more than 100 deep') as string,
  });
});

it.each([{ alpha: 1_000_000 }, { alpha: 0 }, { delta: -1 }])('%o is refused', async (numbers) => {
  await writeFile(join(dir, BENCH_FILE), benchFileText({ ...bench, ...numbers }));
  await expect(readBenchFile(dir)).rejects.toMatchObject({ code: 'record-invalid' });
});
