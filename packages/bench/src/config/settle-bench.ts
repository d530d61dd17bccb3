import { resolve } from 'node:path';
import { parseByteSize } from '@headstart/core/options';
import type { BenchConfig, DomainEntry, MatrixConfig, StrategyEntry, StrategySetting } from './bench-config.ts';
import { checkMatrix } from './check-matrix.ts';
import { configError, didYouMean } from './config-error.ts';
import type { NamedDomain, NamedSource, NamedStrategy, SettledBench, SettledMatrix } from './settled-bench.ts';

/** Where a configuration stands. */
export interface ConfigPlace {
  /** How messages name it. */
  readonly file: string;
  /** What relative paths start from. */
  readonly folder: string;
  /** Ids of registered data sets: they are no paths. */
  readonly datasets: readonly string[];
}

/** Puts every default in its place. @throws HeadstartError `config-invalid` for names that are given twice or not at all */
export function settleBench(config: BenchConfig, place: ConfigPlace): SettledBench {
  const several = 'matrices' in config;
  const matrices = several ? config.matrices : [config];
  const settled = matrices.map((matrix, i) => settleMatrix(matrix, place, several ? `matrices[${i}].` : ''));
  const strategies = [...new Set(settled.flatMap((matrix) => matrix.strategies.map(({ name }) => name)))];
  const { baseline = strategies[0]!, metric = {}, budget = {} } = config;
  if (!strategies.includes(baseline)) {
    const what = `baseline is "${baseline}", and no strategy has that name`;
    throw configError(place.file, what, didYouMean(baseline, strategies));
  }
  const { memory, ...bounds } = budget;
  return {
    name: config.name ?? 'Benchmark',
    metric: typeof metric === 'string' ? { '*': metric } : metric,
    delta: config.delta ?? 0.01,
    alpha: config.alpha ?? 0.05,
    baseline,
    budget: { ...bounds, ...(memory !== undefined && { memory: parseByteSize(memory)! }) },
    workers: config.workers ?? 1,
    matrices: settled,
  };
}

function settleMatrix(matrix: MatrixConfig, place: ConfigPlace, at: string): SettledMatrix {
  const { domains, seeds = 1 } = matrix;
  const adapt = (domains.adapt ?? []).map((entry) => (entry === null ? null : namedDomain(entry, place)));
  const settled: SettledMatrix = {
    sources: matrix.sources.map((source) => namedSource(source, place)),
    train: domains.train.map((entry) => namedDomain(entry, place)),
    adapt: adapt.length > 0 ? adapt : [null],
    test: domains.test.map((entry) => namedDomain(entry, place)),
    strategies: matrix.strategies.map(namedStrategy),
    shots: matrix.shots ?? ['all'],
    seeds: typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i) : seeds,
    options: matrix.options ?? {},
    exclude: matrix.exclude ?? [],
    include: matrix.include ?? [],
  };
  checkMatrix(settled, place.file, at);
  return settled;
}

function namedDomain(entry: DomainEntry, { folder, datasets }: ConfigPlace): NamedDomain {
  const setting = typeof entry === 'string' ? { target: entry } : entry;
  const target = datasets.includes(setting.target) ? setting.target : resolve(folder, setting.target);
  return { name: setting.name ?? setting.target, given: setting.target, setting: { ...setting, target } };
}

/** A source by its scheme may name a file: `model:./runs/first`. */
function namedSource(name: string, { folder }: ConfigPlace): NamedSource {
  const [, scheme, path] = /^([a-z][a-z0-9-]*):(\.{1,2}[/\\].*)$/i.exec(name) ?? [];
  return { name, source: scheme === undefined ? name : `${scheme}:${resolve(folder, path!)}` };
}

function namedStrategy(entry: StrategyEntry): NamedStrategy {
  const setting = typeof entry === 'string' ? { strategy: entry } : entry;
  const { name, strategy, options = {} }: StrategySetting = setting;
  return { name: name ?? strategy, strategy, options };
}
