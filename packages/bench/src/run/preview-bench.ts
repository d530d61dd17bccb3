import type { Headstart, ResolvedChoice } from '@headstart/core';
import type { BenchConfig } from '../config/bench-config.ts';
import type { TransferCoordinates } from '../matrix/cell.ts';
import type { PlannedTrial, Refusal } from '../plan/bench-plan.ts';
import { groupBy } from '../plan/transfer-group.ts';
import type { BenchRecord } from '../records/bench-record.ts';
import { readRecords } from '../records/read-records.ts';
import type { BenchOptions } from './options.ts';
import { pendingTrials } from './pending.ts';
import { prepareBench } from './prepare.ts';

/** Transfers that differ by their seed alone. */
export interface PreviewedTransfers extends Omit<TransferCoordinates, 'seed'> {
  readonly seeds: number;
  readonly tests: readonly string[];
  /** Cells that have a record. */
  readonly there: number;
}

/** What a benchmark would do. */
export interface BenchPreview {
  readonly planned: number;
  readonly done: number;
  readonly failed: number;
  /** Cells that would be run. */
  readonly pending: number;
  /** What those are expected to take, one after another, by the mean of those that are done; absent where none is. */
  readonly seconds?: number;
  readonly transfers: readonly PreviewedTransfers[];
  /** Choices that the configuration leaves open, and of how many transfers: seeds counted once. */
  readonly choices: readonly (ResolvedChoice & { readonly transfers: number })[];
  readonly refused: readonly Refusal[];
}

/** Plans a benchmark, and looks at what is there of it. Trains nothing and writes nothing. @throws HeadstartError as `runBench` before its first cell */
export async function previewBench(
  headstart: Headstart,
  config: BenchConfig,
  options: BenchOptions,
): Promise<BenchPreview> {
  const session = headstart.trials();
  try {
    const chosen: ResolvedChoice[] = [];
    const looking = {
      planAll: true,
      chosen: (plan: { choices: readonly ResolvedChoice[] }) => chosen.push(...plan.choices),
    };
    const { plan, bench, store } = await prepareBench(headstart, session, config, options, looking);
    const { records } = await readRecords(store, new Set(bench.cells.map(({ id }) => id)));
    const { resume: retry = false, only } = options;
    const pending = pendingTrials(plan.trials, { records, retry, only }).flatMap(({ cells }) => cells).length;
    const states = bench.cells.map(({ id }) => records.get(id)?.state);
    const seconds = meanSeconds([...records.values()]);
    return {
      planned: bench.cells.length,
      done: states.filter((state) => state === 'done').length,
      failed: states.filter((state) => state === 'failed').length,
      pending,
      ...(seconds !== undefined && { seconds: seconds * pending }),
      transfers: bySeeds(plan.trials, records),
      choices: groupBy(chosen, (choice) => JSON.stringify(choice)).map((equal) => ({
        ...equal[0]!,
        transfers: equal.length,
      })),
      refused: plan.refused,
    };
  } finally {
    await session.close();
  }
}

function meanSeconds(records: readonly BenchRecord[]): number | undefined {
  const done = records.filter(({ state }) => state === 'done').map(({ measured }) => measured.seconds.total);
  return done.length === 0 ? undefined : done.reduce((sum, each) => sum + each, 0) / done.length;
}

function bySeeds(trials: readonly PlannedTrial[], records: ReadonlyMap<string, BenchRecord>): PreviewedTransfers[] {
  const alike = groupBy(trials, ({ coordinates: { seed: _, ...rest } }) => JSON.stringify(rest));
  return alike.map((group) => {
    const { seed: _, ...coordinates } = group[0]!.coordinates;
    const cells = group.flatMap((trial) => trial.cells);
    return {
      ...coordinates,
      seeds: group.length,
      tests: [...new Set(cells.map((cell) => cell.coordinates.test))],
      there: cells.filter(({ id }) => records.has(id)).length,
    };
  });
}
