import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import { writeAtomic } from '@headstart/artifacts/storage';
import type { Headstart } from '@headstart/core';
import type { TrialSession } from '@headstart/core/trials';
import type { BenchConfig } from '../config/bench-config.ts';
import { matches } from '../matrix/pattern.ts';
import type { BenchPlan } from '../plan/bench-plan.ts';
import type { BenchRecord } from '../records/bench-record.ts';
import { redisAddress } from '../queue/redis-address.ts';
import { readRecords } from '../records/read-records.ts';
import { s3Address } from '../records/s3-address.ts';
import { removeLeftovers } from '../records/work-folder.ts';
import { BENCH_FILE } from '../results/bench-file.ts';
import { RESULTS_FILE, resultsDocument, resultsText, type ResultsDocument } from '../results/results-file.ts';
import { trainedOnWarning } from '../results/trained-on-warning.ts';
import { resultsOf } from '../results/bench-results.ts';
import { execute, type NotBegun, type Workforce } from './execute.ts';
import { folderClaims } from './folder-claims.ts';
import type { BenchOptions } from './options.ts';
import { pendingTrials } from './pending.ts';
import { prepareBench, type PreparedBench } from './prepare.ts';
import { running } from './running.ts';
import { SessionHand } from './session-hand.ts';
import { unitsOf, type Unit } from './unit.ts';
import { inThisProcess, processes } from './workforce.ts';

/** What a run of a benchmark came to. */
export interface BenchOutcome extends ResultsDocument {
  readonly dir: string;
  readonly plan: BenchPlan;
  /** Of the cells that this run has done: samples whose features it computed, and took from the store. */
  readonly features: { readonly computed: number; readonly reused: number };
  /** What would have gone beyond the budget. */
  readonly notBegun: readonly NotBegun[];
}

/**
 * Runs the cells of a benchmark that have no record yet, and writes `bench.json`, the records and `results.json` into its
 * folder. A cell that fails is recorded, and the others go on; what ends the whole leaves a folder to go on with.
 * @throws HeadstartError as `prepareBench`; `usage` and `queue-unreachable` for a queue that is none; `run-in-use` where another benchmark runs in the folder; `storage-*`; `interrupted`
 */
export async function runBench(
  headstart: Headstart,
  config: BenchConfig,
  options: BenchOptions,
): Promise<BenchOutcome> {
  // Refused before anything is planned.
  if (options.queue !== undefined) redisAddress(options.queue);
  if (options.store !== undefined) s3Address(options.store, process.env);
  const session = headstart.trials();
  try {
    const prepared = await prepareBench(headstart, session, config, options);
    const { dir, bench, text, store, plan } = prepared;
    return await running(dir, text, async () => {
      await removeLeftovers(dir);
      await writeAtomic(join(dir, BENCH_FILE), text);
      const ran = await runPending(headstart, session, prepared, options);
      const results = await resultsOf(bench, store);
      const leaking = trainedOnWarning(
        results.records.map(({ coordinates, samples }) => ({ ...coordinates, samples })),
      );
      if (leaking !== undefined) options.events?.warning?.(leaking);
      const document = await resultsDocument(results, store, headstart);
      await writeAtomic(join(dir, RESULTS_FILE), resultsText(document));
      return { ...document, dir, plan, ...ran };
    });
  } finally {
    await session.close();
  }
}

async function runPending(
  headstart: Headstart,
  session: TrialSession,
  prepared: PreparedBench,
  options: BenchOptions,
): Promise<Pick<BenchOutcome, 'features' | 'notBegun'>> {
  const { dir, plan, bench, store, settled } = prepared;
  const { events = {}, resume: retry = false, only, signal = new AbortController().signal } = options;
  const { records, damaged } = await readRecords(store, new Set(bench.cells.map(({ id }) => id)));
  for (const { error } of damaged) events.warning?.(`${error.message} The cell is run again.`);
  events.planned?.(plan, countStates(records.values()));
  checkOnly(plan, only);
  const pending = pendingTrials(plan.trials, { records, retry, only });
  const features = { computed: 0, reused: 0 };
  if (pending.length === 0) return { features, notBegun: [] };
  await rm(join(dir, RESULTS_FILE), { force: true });
  const oneDevice = options.queue === undefined && headstart.backend.device === 'gpu';
  const workers = oneDevice ? 1 : (options.workers ?? settled.workers);
  const units = await unitsOf(pending, { session, workers, cellSeconds: settled.budget.cellSeconds });
  const workforce = await workforceOf(session, prepared, options, workers);
  const task = options.progress?.start({ label: 'cells', total: cellsOf(units), unit: 'cells' });
  let done = 0;
  let expected = 0;
  try {
    const notBegun = await execute(units, {
      workforce,
      budget: settled.budget,
      signal,
      left: (seconds) => (expected = seconds),
      report(cell) {
        features.computed += cell.features.computed;
        features.reused += cell.features.reused;
        task?.update(++done);
        events.cell?.(cell, expected);
      },
    });
    return { features, notBegun };
  } catch (error) {
    throw signal.aborted ? interrupted(dir, error) : error;
  } finally {
    task?.end();
  }
}

/** @throws HeadstartError `usage` where cells are asked for that there are not */
function checkOnly({ trials }: BenchPlan, only: BenchOptions['only']): void {
  const cells = trials.flatMap((trial) => trial.cells);
  const idle = only?.find((pattern) => !cells.some(({ coordinates }) => matches(coordinates, pattern)));
  if (!idle) return;
  throw new HeadstartError({
    code: 'usage',
    message: `No cell of the benchmark has ${JSON.stringify(idle)}.`,
    hint: '--dry-run lists the cells that there are.',
  });
}

async function workforceOf(
  session: TrialSession,
  { dir, store, submission }: PreparedBench,
  { startWorker, events, queue, store: published }: BenchOptions,
  workers: number,
): Promise<Workforce> {
  if (queue !== undefined) {
    const { atQueue } = await import('../queue/queue-workforce.ts');
    return atQueue({ queue, submission, store, published, tell: (message) => events?.warning?.(message) });
  }
  if (workers === 1 || !startWorker) {
    return inThisProcess(new SessionHand({ session, store, claims: folderClaims(dir) }));
  }
  const fewer = (count: number, memory: number) =>
    events?.warning?.(
      `${count} of ${workers} workers: each takes ${Math.round(memory / 2 ** 20)} MiB, and there is no room for more.`,
    );
  return processes({ start: startWorker, store, workers, fewer });
}

function cellsOf(units: readonly Unit[]): number {
  return units.reduce((sum, { trials }) => sum + trials.reduce((cells, trial) => cells + trial.cells.length, 0), 0);
}

function countStates(records: Iterable<BenchRecord>): { done: number; failed: number } {
  const counts = { done: 0, failed: 0 };
  for (const { state } of records) counts[state]++;
  return counts;
}

function interrupted(dir: string, cause: unknown): HeadstartError {
  return new HeadstartError({
    code: 'interrupted',
    message: `The benchmark in ${dir} was interrupted; the cells that were done are kept.`,
    hint: 'Run the same command again: it goes on where it was.',
    cause,
  });
}
