import type { Headstart } from '@headstart/core';
import { configError, didYouMean } from '../config/config-error.ts';
import type { SettledBench } from '../config/settled-bench.ts';
import type { BenchFile } from '../results/bench-file.ts';

type Metrics = BenchFile['metrics'];

/** Numbers of core's metrics of which less is better; all others that a task does not monitor are better higher. */
const LOWER: ReadonlySet<string> = new Set(['ece', 'nll', 'mse']);

/**
 * The number that verdicts are about, for each task of a plan.
 * @throws HeadstartError `config-invalid` for a metric that nothing computes
 */
export function metricsOf(
  headstart: Pick<Headstart, 'tasks' | 'metrics'>,
  { metric }: SettledBench,
  tasks: Iterable<string>,
  file: string,
): Metrics {
  const registered = headstart.tasks().map(({ value }) => value);
  const known = new Set([
    ...headstart.metrics().map(({ value }) => value.id),
    ...registered.map(({ monitor }) => monitor.metric),
  ]);
  const found = [...new Set(tasks)].map((task) => {
    const { monitor } = registered.find(({ id }) => task === id || task.startsWith(`${id}:`)) ?? {};
    const name = metric[task] ?? metric['*'] ?? monitor?.metric ?? '';
    if (!known.has(name)) {
      const what = `metric is "${name}" for the task ${task}, and nothing computes that`;
      throw configError(file, what, didYouMean(name, [...known].sort()));
    }
    const lower = name === monitor?.metric ? monitor.mode === 'min' : LOWER.has(name);
    return [task, { name, better: lower ? 'lower' : 'higher' }] as const;
  });
  return Object.fromEntries(found);
}
