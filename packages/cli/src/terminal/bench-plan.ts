import type { BenchPreview } from '../bench-types.ts';
import type { Console } from './console.ts';
import { formatCount, formatDuration } from './format.ts';
import { table } from './table.ts';

/** What a benchmark would run: transfers that differ by their seed alone in one row; what cannot be, by reason. */
export function printBenchPlan(console: Console, preview: BenchPreview): void {
  const { transfers, refused, planned, done, failed, pending } = preview;
  const { outColours: colours, width } = console;
  const number = { align: 'right' } as const;
  const [heading = '', ...rows] = table(
    [
      { title: 'source' },
      { title: 'trained on' },
      { title: 'adapted to' },
      { title: 'strategy' },
      { title: 'shots', ...number },
      { title: 'seeds', ...number },
      { title: 'there', ...number },
      { title: 'tested on' },
    ],
    transfers.map(({ source, train, adapt, strategy, shots, seeds, there, tests }) => [
      source,
      train,
      adapt ?? '',
      strategy,
      String(shots),
      String(seeds),
      formatCount(there),
      tests.join(', '),
    ]),
    width,
  );
  console.print(colours.dim(heading));
  for (const row of rows) console.print(row);
  console.print();
  const choices = preview.choices.map(({ what, value, why, transfers: count }) => [
    what,
    `${value} — ${why}`,
    `${count}×`,
  ]);
  const columns = [{ title: 'choice' }, { title: '' }, { title: 'transfers', ...number }];
  const [title = '', ...lines] = table(columns, choices, width);
  console.print(colours.dim(title));
  for (const line of lines) console.print(line);
  console.print();
  const expected =
    preview.seconds === undefined ? '' : `, about ${formatDuration(preview.seconds)} by those that are done`;
  console.print(
    `${formatCount(planned)} cells: ${formatCount(done)} done, ${formatCount(failed)} failed, ${formatCount(pending)} to run${expected}`,
  );
  for (const { message, hint, cells } of refused)
    console.entry(
      colours.yellow(' left'),
      `${formatCount(cells.length)} cells cannot be. ${message} ${colours.dim(hint)}`,
    );
}
