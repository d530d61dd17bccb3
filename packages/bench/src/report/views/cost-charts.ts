import { grid, scatterChart, type Axis, type Html } from '@headstart/core/pages';
import { methodCosts, type MethodCost } from '../figures/method-costs.ts';
import { filterChoices } from '../filter.ts';
import { byteSize, decimal, duration } from '../rounded.ts';
import { distinct } from '../names.ts';
import type { Shown } from './shown.ts';

/** What a score costs: seconds, and memory, for each method of a task. */
export function costCharts({ cells, data }: Shown): Html | undefined {
  const costs = methodCosts(cells);
  if (costs.length === 0) return undefined;
  const { strategy: strategies } = filterChoices(data);
  return grid(
    distinct(costs.map(({ task }) => task)).flatMap((task) => {
      const own = costs.filter((cost) => cost.task === task);
      return [
        chart(own, strategies, { label: 'seconds of a run', scale: 'log', format: duration }, ({ seconds }) => seconds),
        chart(own, strategies, { label: 'most memory of the process', format: byteSize }, ({ memory }) => memory),
      ];
    }),
  );
}

function chart(
  costs: readonly MethodCost[],
  strategies: readonly string[],
  x: Axis,
  of: (cost: MethodCost) => number,
): Html {
  const [{ task, metric }] = costs as [MethodCost];
  return scatterChart({
    title: `${metric} against ${x.label}, ${task}`,
    description: `Each point is a strategy with a source and a number of shots: its mean over all domains and seeds. Up and to the left is better; runs that share cached features do not pay for them twice.`,
    x,
    y: { label: metric, format: (value) => decimal(value) },
    points: costs.map((cost) => ({ name: cost.name, group: cost.strategy, x: of(cost), y: cost.mean })),
    groups: strategies,
  });
}
