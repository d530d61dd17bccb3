import type { PhasePlan, TransferPlan } from '@headstart/core';
import type { Console } from './console.ts';
import { formatCount } from './format.ts';
import { table } from './table.ts';

/** What a transfer would do: its choices with their reasons, its samples, and the work of each phase. */
export function printPlan(console: Console, { choices, samples, labels, phases }: TransferPlan): void {
  const { outColours: colours, width } = console;
  const classes = labels.length > 0 ? ` in ${labels.length} classes` : '';
  const counts = Object.entries(samples).map(([split, count]) => `${split} ${formatCount(count)}`);
  const facts = [
    ...choices.map(({ what, value, why }) => [what, `${value} — ${why}`]),
    ['samples', `${counts.join(', ')}${classes}`],
  ];
  for (const line of table([{ title: '' }, { title: '' }], facts, width).slice(1)) console.print(line);
  console.print();
  const number = { align: 'right' } as const;
  const [heading = '', ...rows] = table(
    [
      { title: 'phase' },
      { title: 'epochs', ...number },
      { title: 'steps', ...number },
      { title: 'parameters', ...number },
      { title: 'what trains, and what is computed once' },
    ],
    phases.map((phase) => [
      phase.name,
      String(phase.epochs),
      formatCount(phase.steps),
      formatCount(phase.trainableParameters),
      describe(phase),
    ]),
    width,
  );
  console.print(colours.dim(heading));
  for (const row of rows) console.print(row);
}

function describe({ trainable, optimiser, labelSmoothing, losses, cached, views }: PhasePlan): string {
  const rates = Object.entries(trainable).map(([stage, rateMultiplier]) =>
    rateMultiplier === 1 ? stage : `${stage} ×${rounded(rateMultiplier)}`,
  );
  const by = `by ${optimiser.kind} at ${rounded(optimiser.learningRate)}`;
  const terms = losses.length > 0 ? `, with ${losses.join(', ')}` : '';
  const smoothed = labelSmoothing > 0 ? `, labels smoothed by ${rounded(labelSmoothing)}` : '';
  const copies = views > 1 ? ` in ${views} views` : '';
  const once = cached.length > 0 ? `; up to ${cached.at(-1)!} computed once${copies}` : '';
  return `${rates.join(', ')} ${by}${terms}${smoothed}${once}`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}
