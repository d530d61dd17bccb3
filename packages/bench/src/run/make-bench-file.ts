import { sep } from 'node:path';
import type { Headstart } from '@headstart/core';
import type { BenchConfig } from '../config/bench-config.ts';
import type { SettledBench } from '../config/settled-bench.ts';
import { COORDINATES, coordinateKey, type Cell } from '../matrix/cell.ts';
import type { BenchPlan, PlannedCell } from '../plan/bench-plan.ts';
import { metricsOf } from '../plan/metrics.ts';
import type { BenchFile } from '../results/bench-file.ts';

/** What a benchmark's file is made of. */
export interface BenchFileParts {
  readonly settled: SettledBench;
  /** Of the matrix, in the order of results. */
  readonly cells: readonly Cell[];
  readonly plan: BenchPlan;
  readonly config: BenchConfig;
  /** From the benchmark's folder to that of the configuration. */
  readonly folder: string;
  /** How messages name the configuration. */
  readonly file: string;
}

/** What `bench.json` says of a plan. @throws HeadstartError `config-invalid` for a metric that nothing computes */
export function benchFileOf(
  headstart: Pick<Headstart, 'tasks' | 'metrics' | 'strategies'>,
  { settled, cells, plan, config, folder, file }: BenchFileParts,
): BenchFile {
  const planned = new Map<string, PlannedCell>(
    plan.trials.flatMap((trial) => trial.cells.map((cell) => [coordinateKey(cell.coordinates, COORDINATES), cell])),
  );
  const strategies = settled.matrices.flatMap((matrix) => matrix.strategies);
  const named = (fits: (id: string) => boolean) => [
    ...new Set(strategies.filter(({ strategy }) => fits(strategy)).map(({ name }) => name)),
  ];
  const random = headstart.strategies().filter(({ value }) => value.start === 'random');
  const possible = cells.flatMap(({ coordinates }) => planned.get(coordinateKey(coordinates, COORDINATES)) ?? []);
  return {
    format: 1,
    name: settled.name,
    config: whatIsAsked(config),
    folder: folder.split(sep).join('/'),
    alpha: settled.alpha,
    delta: settled.delta,
    baseline: settled.baseline,
    scratch: named((id) => random.some(({ value }) => value.id === id)),
    probe: named((id) => id === 'linear-probe'),
    metrics: metricsOf(
      headstart,
      settled,
      possible.map(({ task }) => task),
      file,
    ),
    cells: possible.map(({ id, task, coordinates }) => ({ id, task, coordinates })),
    refused: plan.refused,
  };
}

/** A configuration without how it is worked through: that makes no other benchmark. */
export function whatIsAsked(config: BenchConfig): BenchConfig {
  const { workers: _, budget: __, ...asked } = config;
  return asked;
}
