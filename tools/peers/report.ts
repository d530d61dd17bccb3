import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { JobResult } from './job.ts';
import type { Entry, MeasuredWork } from './measure-work.ts';
import { summarise, type Summary } from './statistics.ts';
import type { MeasuredJob } from './whole-jobs.ts';
import type { Work } from './works.ts';

/** The share of a probe's final accuracy whose time is taken. */
export const TARGET_SHARE = 0.95;

export interface Run {
  readonly date: string;
  readonly command: string;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly logits: ReadonlyMap<string, number>;
  readonly works: readonly MeasuredWork[];
  readonly jobs: readonly MeasuredJob[];
}

/** What stands beside times: nothing that names the machine. `load` is the system's own, from before the run. */
export function machine(load: number): Run['machine'] {
  return {
    processor: cpus()[0]?.model.trim() ?? arch(),
    architecture: arch(),
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${/^\d+(\.\d+)?/.exec(release())?.[0] ?? ''}`.trim(),
    loadBefore: Number(load.toFixed(2)),
  };
}

/** The versions that the processes reported. */
export function versions(works: readonly MeasuredWork[], jobs: readonly MeasuredJob[]): Run['versions'] {
  const found: Record<string, string> = {};
  for (const { entries } of works) {
    for (const { results, contestant } of entries) {
      for (const [name, version] of Object.entries(results[0]?.versions ?? {})) {
        if (name === 'steps') continue;
        // Ours comes first: its settings are those of captured steps.
        found[name === 'tensorflow' && contestant.library === 'headstart' ? 'libtensorflow' : name] ??= version;
      }
    }
  }
  for (const { entries } of jobs) {
    for (const { outcomes } of entries)
      for (const [name, version] of Object.entries(outcomes[0]?.versions ?? {})) found[name] ??= version;
  }
  return found;
}

/** When the target was reached, if it was. */
export function reached(
  history: NonNullable<JobResult['history']>,
  final: number,
): { epoch: number; seconds: number } | undefined {
  const index = history.findIndex(({ accuracy }) => accuracy >= TARGET_SHARE * final);
  return index < 0 ? undefined : { epoch: index + 1, seconds: history[index]!.milliseconds / 1000 };
}

export function markdown(run: Run): string {
  const list = (values: Readonly<Record<string, string | number>>) =>
    Object.entries(values)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  return [
    `# Peers, side by side: ${run.date}`,
    '',
    `Written by \`${run.command}\`; what is measured and how: [tools/peers](../tools/peers/README.md).`,
    '',
    `Machine: ${list(run.machine)}.`,
    '',
    `Versions: ${list(run.versions)}.`,
    '',
    'Each round starts every contestant anew, one after another. Medians, least and most are of all timed steps of',
    'all rounds. "To ours" is the median over Headstart\'s: above 1 is slower than Headstart. "Start" is from the start of',
    'the process to the end of its first step, least to most; "peak" the largest resident memory of any round.',
    '',
    ...run.works.flatMap((measured) => ['', ...section(measured)]),
    ...(run.jobs.length > 0 ? ['', ...jobTable(run.jobs)] : []),
    '',
    ...(run.works.length > 0 ? equality(run) : []),
    '',
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
}

function section({ work, rounds, entries }: MeasuredWork): string[] {
  const { warmup, steps } = work.task;
  const timed =
    work.kind === 'probe'
      ? []
      : ['', `${rounds} ${rounds === 1 ? 'round' : 'rounds'} of ${steps} timed steps after ${warmup} others.`];
  return [
    `## (${work.id}) ${work.title}`,
    ...timed,
    '',
    ...(work.kind === 'probe' ? probeTable(entries) : stepTable(rateOf(work), entries)),
  ];
}

/** What a step goes through, where a rate says more than a time. */
function rateOf({ kind, task }: Work): Rate | undefined {
  if (kind === 'features') return { what: 'images/s', count: task.batch };
  return kind === 'encode' && 'sentences' in task ? { what: 'sentences/s', count: task.sentences } : undefined;
}

interface Rate {
  readonly what: string;
  readonly count: number;
}

function stepTable(counted: Rate | undefined, entries: readonly Entry[]): string[] {
  const ours = timesOf(entries[0]!)!;
  const eager = entries.find(({ contestant }) => contestant.settings.includes('eager'));
  const rows = entries.map((entry) => {
    const times = timesOf(entry);
    if (!times) return [entry.contestant.name, ...Array<string>(counted ? 7 : 6).fill('–')];
    const start = summarise(entry.results.map(({ startMilliseconds }) => startMilliseconds! / 1000));
    const rate = counted ? [((1000 * counted.count) / times.median).toFixed(1)] : [];
    return [
      entry.contestant.name,
      number(times.median),
      number(times.least),
      number(times.most),
      ...rate,
      (times.median / ours.median).toFixed(2),
      `${start.least.toFixed(1)} to ${start.most.toFixed(1)}`,
      peak(entry),
    ];
  });
  const head = ['', 'median', 'least', 'most', ...(counted ? [counted.what] : []), 'to ours', 'start, s', 'peak, MB'];
  const skipped = entries.flatMap(({ contestant, skipped }) =>
    skipped === undefined ? [] : ['', `${contestant.name} was left out: ${skipped.split('\n').at(-1)}`],
  );
  const share =
    eager && timesOf(eager)
      ? [
          '',
          `A captured step takes ${(ours.median / timesOf(eager)!.median).toFixed(2)} of the time of one run op by op.`,
        ]
      : [];
  return [...table(head, rows), ...share, ...skipped];
}

/** Whole jobs, from the start of a process to its end. */
function jobTable(jobs: readonly MeasuredJob[]): string[] {
  const rows = jobs.flatMap(({ job, entries }) => {
    const times = entries.map(({ outcomes }) => summarise(outcomes.map(({ seconds }) => seconds)));
    return entries.map(({ contestant, outcomes }, i) => {
      const peaks = outcomes.flatMap(({ peakBytes }) => peakBytes ?? []);
      const { median, least, most } = times[i]!;
      return [
        i === 0 ? `(${job.id}) ${job.title}` : '',
        contestant.name,
        number(median),
        number(least),
        number(most),
        (median / times[0]!.median).toFixed(2),
        outcomes[0]?.accuracy?.toFixed(3) ?? '–',
        peaks.length === 0 ? '–' : (Math.max(...peaks) / 1e6).toFixed(0),
      ];
    });
  });
  return [
    '## Whole jobs: seconds from data on disk to a model on disk',
    '',
    'From the start of a process to its end, weights on disk and nothing else kept; memory is kept by everyone. Accuracy is on',
    'the samples to test on, by the first round; "peak" is the process alone, without those that load data for it.',
    '',
    ...table(['', '', 'median', 'least', 'most', 'to ours', 'accuracy', 'peak, MB'], rows),
  ];
}

function probeTable(entries: readonly Entry[]): string[] {
  const times = entries.map(({ results, finalAccuracy }) => reached(results[0]!.history!, finalAccuracy!));
  const rows = entries.map((entry, i) => {
    const { history } = entry.results[0]!;
    const time = times[i];
    const whole = inLoop(entry) ? '–' : (history!.at(-1)!.milliseconds / 1000).toFixed(1);
    return [
      entry.contestant.name,
      time?.seconds.toFixed(1) ?? 'not reached',
      String(time?.epoch ?? '–'),
      entry.finalAccuracy!.toFixed(4),
      whole,
      time && times[0] ? (time.seconds / times[0].seconds).toFixed(2) : '–',
      peak(entry),
    ];
  });
  return [
    ...table(['', 'seconds to 95 %', 'in epoch', 'final accuracy', 'all epochs, s', 'to ours', 'peak, MB'], rows),
    '',
    'A frozen backbone in the loop gives the same numbers as features computed once; its process ends at the target, and',
    "the final accuracy is that of the library's other recipe.",
  ];
}

const inLoop = ({ contestant }: Entry) => contestant.library !== 'headstart' && !contestant.settings.includes('once');

function equality({ logits, works }: Run): string[] {
  const of = (row: (entry: Entry) => string[] | undefined) =>
    works.flatMap(({ work, entries }) =>
      entries.slice(1).flatMap((entry) => {
        const cells = row(entry);
        return cells ? [[work.id, entry.contestant.name, ...cells]] : [];
      }),
    );
  const losses = of(
    ({ differences }) => differences && [differences.first, differences.second, differences.last].map(exponential),
  );
  const vectors = of(
    ({ vectors }) =>
      vectors && [exponential(vectors.most), vectors.leastCosine.toFixed(4), vectors.meanCosine.toFixed(4)],
  );
  return [
    '## That the work is the same',
    '',
    'Beyond rounding, the run fails and writes no table.',
    ...(logits.size === 0
      ? []
      : [
          '',
          `Logits of EfficientNet-Lite0's published classifier, largest difference to Headstart's: ${[...logits].map(([name, value]) => `${name} ${exponential(value)}`).join(', ')}.`,
        ]),
    ...(losses.length === 0
      ? []
      : [
          '',
          'Differences to Headstart of the value that each step gives back: the loss on the same batches (of feature',
          'extraction, the mean feature).',
          '',
          ...table(['', '', 'first step', 'second', 'last'], losses),
        ]),
    ...(vectors.length === 0
      ? []
      : [
          '',
          "Sentences' vectors beside Headstart's own network's: the largest difference of any number, and the cosines of the",
          'vectors. 8-bit whole numbers are not exact.',
          '',
          ...table(['', '', 'largest difference', 'least cosine', 'mean cosine'], vectors),
        ]),
  ];
}

function timesOf({ results }: Entry): Summary | undefined {
  return results.length === 0
    ? undefined
    : summarise(results.flatMap(({ stepMilliseconds }) => stepMilliseconds ?? []));
}

const number = (value: number) => (value < 100 ? value.toFixed(1) : value.toFixed(0));
const exponential = (value: number) => (value === 0 ? '0' : value.toExponential(1));
const peak = ({ results }: Entry) =>
  results.length === 0 ? '–' : (Math.max(...results.map(({ peakBytes }) => peakBytes)) / 1e6).toFixed(0);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
