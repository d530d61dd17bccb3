import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import type { Bench, BenchConfig, BenchOptions, BenchOutcome } from '../bench-types.ts';
import { FakeHeadstart } from '../testing/fake-headstart.ts';
import { runCommand } from '../testing/run-command.ts';
import { TempProject } from '../testing/temp-project.ts';

const place = { source: 'fake-source', train: 'a', adapt: null, test: 'b', shots: 8 } as const;
const row = { ...place, strategy: 'linear-probe', task: 'fake-task', metric: 'accuracy' };

/** An outcome of two seeds, one cell that failed and one that is left. */
const outcome: BenchOutcome = {
  dir: '/out',
  name: 'Benchmark',
  bench: '0'.repeat(64),
  planned: 4,
  done: 2,
  failed: 1,
  refused: 3,
  results: [
    { ...row, seed: 0, value: 0.5, record: 'r0' },
    { ...row, seed: 1, value: 0.75, record: 'r1' },
  ],
  verdicts: [],
  plan: { trials: [], refused: [] },
  features: { computed: 1200, reused: 7 },
  notBegun: [],
};

/** Benchmarks that are read as they are, and not run. */
class FakeBenchmarks extends FakeHeadstart {
  readonly ran: { config: BenchConfig; options: BenchOptions }[] = [];

  override async bench(): Promise<Bench> {
    const bench = await super.bench();
    return {
      ...bench,
      runBench: async (_, config, options) => {
        this.ran.push({ config, options });
        return outcome;
      },
    };
  }
}

let project: TempProject;
let fake: FakeBenchmarks;
beforeEach(async () => {
  project = await TempProject.create();
  fake = new FakeBenchmarks();
});
afterEach(() => project.remove());

const config = { sources: ['fake-source'], domains: { train: ['a'], test: ['b'] }, strategies: ['linear-probe'] };

describe('headstart bench', () => {
  it('runs what a script exports, with paths from its folder, and prints means over seeds', async () => {
    const script = `import { defineBench } from '@headstart/bench';\nexport default defineBench(${JSON.stringify(config)});`;
    const file = await project.write('benches/few.bench.ts', script);
    const { code, stdout } = await runCommand(fake, ['bench', file, '--only', 'seed=0,test=b', '--only', 'shots=8']);
    expect(code).toBe(0);
    const [{ config: given, options } = { config: undefined, options: undefined }] = fake.ran;
    expect(given).toEqual(config);
    expect(options).toMatchObject({
      out: 'runs/few',
      folder: join(project.folder, 'benches'),
      only: [{ seed: 0, test: 'b' }, { shots: 8 }],
    });
    expect(stdout).toMatch(/^fake-source +a +b +linear-probe +8 +2 +accuracy +0\.6250$/m);
    expect(stdout).toContain('2 of 4 cells done, 1 failed, 1 left; features of 1,200 samples computed, of 7 reused');
  });

  it('has a benchmark of its own', async () => {
    await runCommand(fake, ['bench', 'standard', '--json']);
    expect(fake.ran[0]).toMatchObject({ config: { baseline: 'linear-probe' }, options: { out: 'runs/standard' } });
    expect(fake.ran[0]!.config).toHaveProperty('matrices.length', 3);
  });

  it('names a file that is not there', async () => {
    const { code, stderr } = await runCommand(fake, ['bench', 'standart']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/no benchmark's configuration standart\..*standard/s);
    expect(fake.ran).toEqual([]);
  });

  it('ends with one document', async () => {
    const file = await project.write('bench.config.json', config);
    const { stdout } = await runCommand(fake, ['bench', file, '--out', 'here', '--json']);
    expect(fake.ran[0]!.options.out).toBe('here');
    expect(JSON.parse(stdout)).toEqual({
      out: '/out',
      planned: 4,
      done: 2,
      failed: 1,
      refused: 3,
      left: 1,
      features: { computed: 1200, reused: 7 },
      results: outcome.results.map(({ task: _, ...each }) => each),
      verdicts: [],
    });
  });

  it.each<[what: string, content: object, args: string[], code: number, says: RegExp]>([
    ['a slip in a key', { ...config, seed: 3 }, [], 1, /unknown key "seed".*"seeds"/s],
    ['a slip in --only', config, ['--only', 'sead=1'], 2, /"sead" is no coordinate of a cell.*"seed"/s],
  ])('refuses %s before anything runs', async (_, content, args, code, says) => {
    const file = await project.write('bench.config.json', content);
    const ended = await runCommand(fake, ['bench', file, ...args]);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(says);
    expect(fake.ran).toEqual([]);
    expect(fake.opened).toEqual([]);
  });
});
