import { relative, resolve } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Headstart } from '@headstart/core';
import type { TrialSession } from '@headstart/core/trials';
import type { BenchConfig } from '../config/bench-config.ts';
import { settleBench } from '../config/settle-bench.ts';
import type { SettledBench } from '../config/settled-bench.ts';
import { expand } from '../matrix/expand.ts';
import type { BenchPlan } from '../plan/bench-plan.ts';
import { checkAxes } from '../plan/check-axes.ts';
import { planBench, type Planning } from '../plan/plan-bench.ts';
import { submissionOf, type Submission } from '../queue/submission.ts';
import { FolderStore } from '../records/folder-store.ts';
import { benchFileText, readBenchFile, type BenchFile } from '../results/bench-file.ts';
import { checkFolder } from './folder-check.ts';
import { benchFileOf } from './make-bench-file.ts';
import type { BenchOptions } from './options.ts';

/** A benchmark that is ready to run in its folder. */
export interface PreparedBench {
  readonly dir: string;
  readonly settled: SettledBench;
  readonly plan: BenchPlan;
  readonly bench: BenchFile;
  /** Of `bench.json`. */
  readonly text: string;
  readonly store: FolderStore;
  /** What it is known by at a queue. */
  readonly submission: Submission;
}

/**
 * Plans every cell of a benchmark, and looks at what is in its folder. Nothing is written.
 * @throws HeadstartError `config-invalid`; `unknown-name` and `target-not-found` for a slip in a name; `not-supported` where
 * no cell can be; `resume-mismatch` where the folder holds another benchmark
 */
export async function prepareBench(
  headstart: Headstart,
  session: TrialSession,
  config: BenchConfig,
  options: BenchOptions,
  looking: Pick<Planning, 'chosen'> & { readonly planAll?: boolean } = {},
): Promise<PreparedBench> {
  const { file = 'the configuration', folder = process.cwd(), progress, resume = false } = options;
  const { planAll = false, chosen } = looking;
  const dir = resolve(options.out);
  const datasets = headstart.datasets().map(({ value }) => value.id);
  const settled = settleBench(config, { file, folder, datasets });
  await checkAxes(headstart, settled);
  const cells = expand(settled, file);
  const store = new FolderStore(dir);
  const known = new Set(planAll ? [] : await store.ids());
  const task = progress?.start({ label: 'plan', total: cells.length, unit: 'cells' });
  let plan: BenchPlan;
  try {
    const planned = (count: number) => task?.update(count);
    plan = await planBench(cells, { session, isKnown: (id) => known.has(id), planned, chosen });
  } finally {
    task?.end();
  }
  if (plan.trials.length === 0) throw nothingLeft(plan, cells.length);
  const bench = benchFileOf(headstart, { settled, cells, plan, config, folder: relative(dir, folder), file });
  checkFolder(dir, await readBenchFile(dir), bench, resume);
  const submission = submissionOf(settled.name, config);
  return { dir, settled, plan, bench, text: benchFileText(bench), store, submission };
}

function nothingLeft({ refused: [first, ...others] }: BenchPlan, count: number): HeadstartError {
  if (!first)
    return new HeadstartError({
      code: 'config-invalid',
      message: 'The benchmark has no cell: all are excluded.',
      hint: 'Take a pattern out of "exclude".',
    });
  const more = others.length === 0 ? '' : ` ${others.length} other reasons.`;
  const none = count === 1 ? 'The one cell cannot be run.' : `None of the ${count} cells can be run.`;
  return new HeadstartError({
    code: 'not-supported',
    message: `${none} ${first.message}${more}`,
    hint: first.hint,
  });
}
