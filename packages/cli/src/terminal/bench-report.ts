import type { BenchEvents, BenchOutcome, ResultRow } from '../bench-types.ts';
import type { Console } from './console.ts';
import { formatCount, formatDuration, formatMetric } from './format.ts';
import { table } from './table.ts';

/** Says of a benchmark what goes on while it runs. */
export function benchReport(console: Console): BenchEvents {
  const { colours } = console;
  return {
    planned({ trials, refused }, { done, failed }) {
      const cells = trials.reduce((sum, trial) => sum + trial.cells.length, 0);
      const kept = done === 0 ? '' : `, ${formatCount(done)} of them done already`;
      const again = failed === 0 ? '' : `, ${formatCount(failed)} failed (--resume tries them again)`;
      console.entry(colours.cyan('bench'), `${formatCount(cells)} cells${kept}${again}`);
      for (const { message, hint, cells: out } of refused)
        console.entry(
          colours.yellow(' left'),
          `${formatCount(out.length)} cells cannot be. ${message} ${colours.dim(hint)}`,
        );
    },
    cell({ coordinates, state, error, seconds }, left) {
      const { source, train, adapt, test, strategy, shots, seed } = coordinates;
      const adapted = adapt === null ? '' : ` + ${adapt}`;
      const name = `${source} · ${train}${adapted} → ${test} · ${strategy} · ${shots === 'all' ? 'all' : `${shots} shots`} · seed ${seed}`;
      if (state === 'failed')
        console.entry(colours.red(' fail'), `${name}: ${error!.message} ${colours.dim(error!.hint)}`);
      else if (!console.live)
        console.entry(
          ' cell',
          `${name}: ${formatDuration(seconds)}${left > 0 ? `, ${formatDuration(left)} left` : ''}`,
        );
    },
    warning: (message) => console.entry(colours.yellow(' warn'), message),
  };
}

/** The document of `bench --json`. */
export function benchDocument({ planned, done, failed, refused, features, results, verdicts, dir }: BenchOutcome) {
  return {
    out: dir,
    planned,
    done,
    failed,
    refused,
    left: planned - done - failed,
    features,
    results: results.map(({ task: _, ...row }) => row),
    verdicts,
  };
}

/** Results by their mean over seeds, and the verdicts on them. */
export function printBenchOutcome(console: Console, outcome: BenchOutcome): void {
  const { outColours: colours, width } = console;
  const number = { align: 'right' } as const;
  const groups = bySeeds(outcome.results);
  const [heading = '', ...rows] = table(
    [
      { title: 'source' },
      { title: 'trained on' },
      { title: 'adapted to' },
      { title: 'tested on' },
      { title: 'strategy' },
      { title: 'shots', ...number },
      { title: 'seeds', ...number },
      { title: 'metric' },
      { title: 'mean', ...number },
    ],
    groups.map((rows) => {
      const { source, train, adapt, test, strategy, shots, metric } = rows[0]!;
      const mean = rows.reduce((sum, { value }) => sum + value, 0) / rows.length;
      return [
        source,
        train,
        adapt ?? '',
        test,
        strategy,
        String(shots),
        String(rows.length),
        metric,
        formatMetric(mean),
      ];
    }),
    width,
  );
  console.print(colours.dim(heading));
  for (const row of rows) console.print(row);
  printVerdicts(console, outcome);
  console.print();
  const { planned, done, failed, features, dir } = outcome;
  const left = planned - done - failed;
  const counts = [`${formatCount(done)} of ${formatCount(planned)} cells done`];
  if (failed > 0) counts.push(colours.red(`${formatCount(failed)} failed`));
  if (left > 0) counts.push(`${formatCount(left)} left`);
  console.print(
    `${counts.join(', ')}; features of ${formatCount(features.computed)} samples computed, of ${formatCount(features.reused)} reused`,
  );
  const beyond = new Set(outcome.notBegun.map(({ why }) => why));
  if (beyond.size > 0)
    console.print(
      `${formatCount(outcome.notBegun.length)} units were not begun: beyond the budget of ${[...beyond].join(' and ')}`,
    );
  console.print(dir);
}

function printVerdicts(console: Console, { verdicts }: BenchOutcome): void {
  if (verdicts.length === 0) return;
  const { outColours: colours, width } = console;
  console.print();
  const [heading = '', ...rows] = table(
    [{ title: 'verdict' }, { title: 'difference', align: 'right' }, { title: 'interval' }, { title: 'on' }],
    verdicts.map(({ a, b, verdict, moreSeeds, difference, interval, on }) => [
      `${a} ${verdictWords[verdict]} ${b}${moreSeeds === undefined ? '' : ` (about ${moreSeeds} more seeds)`}`,
      difference === null ? '' : signed(difference),
      interval ? `${signed(interval[0])} to ${signed(interval[1])}` : '',
      on,
    ]),
    width,
  );
  console.print(colours.dim(heading));
  for (const row of rows) console.print(row);
}

const verdictWords = {
  better: 'is better than',
  worse: 'is worse than',
  equivalent: 'is as good as',
  undecided: 'is not told from',
  'too-few-seeds': 'has too few seeds against',
} as const;

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${formatMetric(Math.abs(value))}`;
}

/** Rows that differ by their seed alone, in their order. */
function bySeeds(rows: readonly ResultRow[]): ResultRow[][] {
  const groups = new Map<string, ResultRow[]>();
  for (const row of rows) {
    const { source, train, adapt, test, strategy, shots } = row;
    const key = JSON.stringify([source, train, adapt, test, strategy, shots]);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(row);
  }
  return [...groups.values()];
}
