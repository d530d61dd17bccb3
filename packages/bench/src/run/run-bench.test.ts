import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { BenchConfig } from '../config/bench-config.ts';
import { FolderStore } from '../records/folder-store.ts';
import { fakeBenchHeadstart, FakeTrials, type Script } from '../testing/fake-trials.test.support.ts';
import type { BenchOptions } from './options.ts';
import { runBench } from './run-bench.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'headstart-bench-'));
});
afterEach(() => rm(dir, { recursive: true }));

const config = {
  sources: ['net'],
  domains: { train: ['a'], test: ['b', 'c'] },
  strategies: ['linear-probe', 'fine-tune'],
  seeds: 3,
} satisfies BenchConfig;

async function run(script: Script = {}, options: Partial<BenchOptions> = {}, given: BenchConfig = config) {
  const session = new FakeTrials(script);
  const warnings: string[] = [];
  const events = { warning: (message: string) => void warnings.push(message) };
  const outcome = await runBench(fakeBenchHeadstart(session), given, { out: dir, folder: '/data', events, ...options });
  return { outcome, session, warnings };
}

const file = (name: string) => readFile(join(dir, name), 'utf8');
const error = (code: 'diverged' | 'not-supported' | 'storage-full' | 'unknown-name', message = 'It did.') =>
  new HeadstartError({ code, message, hint: 'Do otherwise.' });

describe('a benchmark', () => {
  it('trains once for all tests, and gives a row per cell in the order of the axes', async () => {
    const { outcome, session } = await run();
    expect(session.ran).toHaveLength(6);
    expect(session.planned).toHaveLength(2);
    expect(session.ran[0]).toMatchObject({ tests: [{ target: 'b' }, { target: 'c' }], onTraining: true });
    expect(outcome).toMatchObject({ planned: 12, done: 12, failed: 0, refused: 0 });
    expect(outcome.results.map(({ test, strategy, seed }) => `${test} ${strategy} ${seed}`).slice(2, 7)).toEqual([
      'b linear-probe 2',
      'b fine-tune 0',
      'b fine-tune 1',
      'b fine-tune 2',
      'c linear-probe 0',
    ]);
    const [row] = outcome.results;
    const record = await new FolderStore(dir).read(row!.record);
    expect(row).toMatchObject({ metric: 'accuracy', value: record!.metrics['accuracy'] });
    expect(JSON.parse(await file('results.json'))).toMatchObject({ done: 12, results: outcome.results });
    expect(await readdir(join(dir, '.work'))).toEqual([]);
  });

  it('runs again what has no record, and comes to the same bytes as in one go', async () => {
    await run({}, { only: [{ strategy: 'fine-tune', test: 'c' }] });
    const again = await run();
    expect(again.session.ran).toHaveLength(6);
    expect(again.session.ran.at(-1)!.tests).toEqual([{ target: 'b' }]);
    const parts = [await file('results.json'), await file('bench.json')];
    await rm(dir, { recursive: true });
    await run({ stacks: true });
    expect([await file('results.json'), await file('bench.json')]).toEqual(parts);
    expect((await run()).session.ran).toEqual([]);
  });

  it('computes no features for one more strategy or seed', async () => {
    const session = new FakeTrials();
    const headstart = fakeBenchHeadstart(session);
    const options = { out: dir, folder: '/data' };
    expect((await runBench(headstart, config, options)).features).toEqual({ computed: 60, reused: 300 });
    const more = { ...config, strategies: [...config.strategies, 'lp-ft'], seeds: 4 };
    expect((await runBench(headstart, more, options)).features).toEqual({ computed: 0, reused: 360 });
    expect(session.ran).toHaveLength(12);
  });

  it('records a cell that fails, goes on, and tries it again with --resume only', async () => {
    const script: Script = { fail: ({ transfer }) => (transfer.seed === 1 ? error('diverged') : undefined) };
    const { outcome } = await run(script);
    expect(outcome).toMatchObject({ planned: 12, done: 8, failed: 4 });
    expect(outcome.results).toHaveLength(8);
    expect((await run()).session.ran).toEqual([]);
    const again = await run({}, { resume: true });
    expect(again.session.ran).toHaveLength(2);
    expect(again.outcome).toMatchObject({ done: 12, failed: 0 });
  });

  it('records what a plugin throws, and a number that is none', async () => {
    const broken = new FakeTrials();
    const original = broken.run.bind(broken);
    broken.run = async (trial, options) => {
      if (trial.transfer.seed === 0) throw new TypeError('x is not a function');
      const result = await original(trial, options);
      return trial.transfer.seed === 1
        ? { ...result, outcomes: result.outcomes.map((each) => ({ ...each, metrics: { accuracy: NaN } })) }
        : result;
    };
    await runBench(fakeBenchHeadstart(broken), config, { out: dir, folder: '/data' });
    const store = new FolderStore(dir);
    const records = await Promise.all((await store.ids()).map((id) => store.read(id)));
    const errors = records.flatMap((record) => record!.error ?? []);
    expect(new Set(errors.map(({ code, message }) => `${code}: ${message}`))).toEqual(
      new Set([
        'internal: x is not a function',
        'record-invalid: metrics.accuracy is NaN, and a record holds finite numbers only.',
      ]),
    );
  });

  it('ends where the disk is full, without a record of that', async () => {
    const script: Script = { fail: ({ transfer }) => (transfer.seed === 2 ? error('storage-full') : undefined) };
    await expect(run(script)).rejects.toMatchObject({ code: 'storage-full' });
    expect(await new FolderStore(dir).ids()).toHaveLength(4);
  });

  it('tells of a damaged record and runs its cell again', async () => {
    const { outcome } = await run();
    const store = new FolderStore(dir);
    await writeFile(join(store.folder(outcome.results[0]!.record), 'record.json'), '{}');
    const again = await run();
    expect(again.warnings).toEqual([
      expect.stringMatching(/record\.json is not as it was written.*The cell is run again/),
    ]);
    expect(again.session.ran).toHaveLength(1);
    expect(again.outcome.results).toEqual(outcome.results);
  });

  it('refuses cells that cannot be, each reason once, and runs the others', async () => {
    const refuse: Script['refuse'] = ({ tests }) =>
      tests.some(({ target }) => target === 'c') ? error('not-supported', 'No labels in c.') : undefined;
    const { outcome } = await run({ refuse });
    expect(outcome).toMatchObject({ planned: 6, done: 6, refused: 6 });
    expect(outcome.plan.refused.map(({ message, cells }) => [message, cells.length])).toEqual([['No labels in c.', 6]]);
    await rm(join(dir, 'records'), { recursive: true });
    await expect(run({ refuse: () => error('not-supported', 'No.') })).rejects.toThrow(
      'None of the 12 cells can be run. No.',
    );
    await expect(run({}, {}, { ...config, strategies: ['linear-prob'] })).rejects.toMatchObject({
      code: 'unknown-name',
      hint: expect.stringContaining('Did you mean "linear-probe"?') as string,
    });
    await expect(run({}, {}, { ...config, domains: { train: ['a'], test: ['../bb'] } })).rejects.toThrow(
      'There is no file or folder /bb, and no data set of that name.',
    );
  });

  it('refuses more shots than a class has', async () => {
    const { outcome } = await run({}, {}, { ...config, shots: [8, 64] });
    expect(outcome).toMatchObject({ planned: 12, refused: 12 });
    expect(outcome.plan.refused[0]!.message).toBe(
      'a does not have 64 training samples of every class: drawn were 100 of 2 classes.',
    );
  });

  it('keeps within its budgets, and says what it did not begin', async () => {
    const slow: Script = { pause: 30 };
    const tooSlow = await run({ pause: 60_000 }, {}, { ...config, seeds: 1, budget: { cellSeconds: 0.05 } });
    expect(tooSlow.outcome).toMatchObject({ done: 0, failed: 4 });
    const store = new FolderStore(dir);
    expect((await store.read((await store.ids())[0]!))!.error!.message).toBe(
      'The cell took longer than its budget of 0.05 s.',
    );
    const short = await run(slow, { resume: true }, { ...config, budget: { seconds: 0.001 } });
    expect(short.outcome.notBegun).toHaveLength(5);
    const small = await run(slow, { resume: true }, { ...config, budget: { memory: '1KiB' } });
    expect(small.outcome.notBegun.map(({ why }) => why)).toEqual(['memory', 'memory', 'memory']);
  });

  it('is interrupted with what is done kept', async () => {
    const stop = new AbortController();
    const ended = run({ pause: 20 }, { signal: stop.signal, events: { cell: () => stop.abort() } });
    await expect(ended).rejects.toMatchObject({ code: 'interrupted' });
    expect((await new FolderStore(dir).ids()).length).toBeGreaterThan(0);
    expect((await run()).outcome.done).toBe(12);
  });

  it('merges the folders of two machines by copying', async () => {
    const whole = await run();
    const text = await file('results.json');
    await rm(join(dir, 'records'), { recursive: true });
    const other = join(dir, 'other');
    await run({}, { out: other, only: [{ test: 'b' }] });
    await run({}, { only: [{ test: 'c' }] });
    await cp(join(other, 'records'), join(dir, 'records'), { recursive: true });
    const merged = await run();
    expect(merged.session.ran).toEqual([]);
    expect(await file('results.json')).toBe(text);
    expect(merged.outcome.results).toEqual(whole.outcome.results);
  });

  it('refuses the folder of another benchmark, and to go on where there is none', async () => {
    await expect(run({}, { resume: true })).rejects.toThrow(/There is no benchmark in .* to go on with/);
    await run();
    const other = { ...config, sources: ['other'] };
    await expect(run({}, {}, other)).rejects.toThrow(
      /holds another benchmark, "Benchmark": none of its cells are among these/,
    );
    const stop = new AbortController();
    const first = run({ pause: 60_000 }, { resume: true, signal: stop.signal }, { ...config, seeds: 4 });
    const marks = async () => (await readdir(join(dir, '.work'))).filter((name) => name.startsWith('running-'));
    await vi.waitFor(async () => expect(await marks()).toHaveLength(1), 30_000);
    await expect(run({}, {}, { ...config, seeds: 5 })).rejects.toMatchObject({ code: 'run-in-use' });
    stop.abort();
    await first.catch(() => {});
  });
});
