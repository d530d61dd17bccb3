import { grid, lineChart, type Html } from '@headstart/core/pages';
import { convergenceCurves, learningCurves, type Curves } from '../figures/curves.ts';
import { confidence, decimal } from '../rounded.ts';
import { filterChoices } from '../filter.ts';
import { capped } from './capped.ts';
import type { Shown } from './shown.ts';

const MOST = 8;

/** The score by the number of shots, with intervals. */
export function learningCharts({ cells, data }: Shown): Html | undefined {
  const { strategy: names } = filterChoices(data);
  return capped(learningCurves(cells), MOST, 'learning curves', (curves) =>
    grid(
      curves.map((each) => {
        const ticks = new Map(each.series.flatMap(({ points }) => points.map(({ x, label }) => [x, label!])));
        return lineChart({
          title: each.title,
          description: `${each.metric} by the training samples per class: a line for each strategy, the mean of its seeds, with ${confidence(data.alpha)} intervals of the mean.`,
          x: { label: 'training samples per class', format: (x) => ticks.get(x) ?? '' },
          y: { label: each.metric, format: (value) => decimal(value) },
          series: inOrder(each, names),
        });
      }),
    ),
  );
}

/** The validation score by the epoch, with the range of the seeds. */
export function convergenceCharts({ cells, data }: Shown): Html | undefined {
  const { strategy: names } = filterChoices(data);
  return capped(convergenceCurves(cells), MOST, 'convergence curves', (curves) =>
    grid(
      curves.map((each) =>
        lineChart({
          title: each.title,
          description: `${each.metric} on the validation split after each epoch of all phases: a line for each strategy, the mean of the seeds that came so far, and the range from the lowest to the highest of them.`,
          x: { label: 'epoch', format: String },
          y: { label: `validation ${each.metric}`, format: (value) => decimal(value) },
          series: inOrder(each, names),
        }),
      ),
    ),
  );
}

/** A series for every strategy of the benchmark, so that each has its colour in all charts. */
function inOrder({ series }: Curves, names: readonly string[]) {
  return names.map((name) => {
    const points = series.find((own) => own.name === name)?.points ?? [];
    return {
      name,
      points: points.map(({ x, y, interval }) => ({ x, y, ...(interval && { low: interval[0], high: interval[1] }) })),
    };
  });
}
