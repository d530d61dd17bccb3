import type { CrossValidation } from '@headstart/core/trials';
import type { Console } from './console.ts';
import { formatMetric } from './format.ts';
import { table } from './table.ts';

/** Each metric over the folds: its mean, how far that is known, and how the folds scatter. */
export function printCrossValidation(
  console: Console,
  { folds, repeats, metrics }: CrossValidation,
  file: string,
): void {
  const { outColours: colours } = console;
  const often = repeats === 1 ? '' : `, dealt out ${repeats} times`;
  console.print(`${folds} folds${often}: each judged by a model that was trained on the others`);
  const rows = Object.entries(metrics).map(([name, { mean, deviation, interval }]) => [
    name,
    formatMetric(mean),
    interval ? `[${interval.map((end) => end.toFixed(3)).join(', ')}]` : '',
    formatMetric(deviation),
  ]);
  const columns = [
    { title: '' },
    { title: 'mean', align: 'right' as const },
    { title: '95 %' },
    { title: 'deviation', align: 'right' as const },
  ];
  for (const line of table(columns, rows)) console.print(line);
  console.print(colours.dim(`predictions out of fold: ${file}`));
  console.print('The model is trained on all of the data.');
  console.print();
}
