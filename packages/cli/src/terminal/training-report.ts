import type { EpochInfo, ResolvedChoice, RunEvents } from '@headstart/core';
import type { Console } from './console.ts';
import { formatCount, formatDuration, formatMetric } from './format.ts';
import { wrap } from './table.ts';

/** Whether an option was given, by the option's name without its dashes. */
export type Given = (option: string) => boolean;

/** The option that makes a choice. */
const optionOf: Readonly<Record<ResolvedChoice['what'], string>> = {
  reader: 'reader',
  task: 'task',
  source: 'source',
  strategy: 'strategy',
  augmentation: 'augmentation',
  backend: 'backend',
  'learning rate': 'learning-rate',
};

/** At most about this many lines an epoch table has. */
const epochLines = 12;

const labelWidth = 13;

export interface TrainingReport {
  readonly events: Partial<RunEvents>;
  /** The run's folder, once it is known. */
  readonly directory: string | undefined;
}

/** Tells on stderr what a run chooses and how it goes. */
export function trainingReport(console: Console, given: Given): TrainingReport {
  const { colours } = console;
  let directory: string | undefined;
  let unprinted: EpochInfo | undefined;

  const entry = (label: string, text: string) => {
    const [first = '', ...rest] = wrap(text, console.width - labelWidth - 1);
    console.say(colours.dim(label.padEnd(labelWidth)) + first);
    for (const line of rest) console.say(' '.repeat(labelWidth) + line);
  };
  const epochLine = (epoch: EpochInfo) => {
    unprinted = undefined;
    console.say(`  ${describeEpoch(epoch, console.width - 2)}`);
  };
  const finishPhase = () => {
    if (unprinted) epochLine(unprinted);
  };

  const events: Partial<RunEvents> = {
    choice({ what, value, why }) {
      const hint = given(optionOf[what]) ? '' : `; --${optionOf[what]} overrides`;
      entry(what, `${colours.bold(value)} ${colours.dim('—')} ${why}${hint}`);
    },
    runStart(run) {
      directory = run.directory;
      const splits = Object.entries(run.samples).map(([split, count]) => `${split} ${formatCount(count)}`);
      entry('samples', `${splits.join(', ')} in ${run.labels.length} classes`);
      entry(run.resumed ? 'resumed in' : 'run', run.directory);
    },
    phaseStart({ phase, index, count, trainableParameters, frozenStages, cachedStages }) {
      finishPhase();
      const frozen =
        frozenStages.length === 0 ? '' : `, ${frozenStages.length} stages frozen${cachedStages.length > 0 ? ` (${cachedStages.length} computed once)` : ''}`;
      console.say();
      console.say(
        `${colours.bold(`Phase ${index + 1} of ${count}: ${phase.name}`)} ${colours.dim(`— ${formatCount(trainableParameters)} parameters train${frozen}`)}`,
      );
    },
    features({ computed, reused, seconds }) {
      const parts = [
        computed > 0 ? `${formatCount(computed)} computed in ${formatDuration(seconds)}` : '',
        reused > 0 ? `${formatCount(reused)} reused from the cache` : '',
      ].filter(Boolean);
      if (parts.length > 0) console.say(`  features  ${parts.join(', ')}`);
    },
    epochEnd(epoch) {
      const every = Math.ceil(epoch.epochs / epochLines);
      if (epoch.epoch === 1 || epoch.epoch % every === 0 || epoch.epoch === epoch.epochs) epochLine(epoch);
      else unprinted = epoch;
    },
    warning(message) {
      console.say(`${colours.yellow('warning')} ${message}`);
    },
    runEnd() {
      finishPhase();
      console.say();
    },
  };
  return {
    events,
    get directory() {
      return directory;
    },
  };
}

/** One epoch on a line: what fits of its validation metrics. */
function describeEpoch(epoch: EpochInfo, width: number): string {
  const digits = String(epoch.epochs).length;
  const start = [
    `epoch ${String(epoch.epoch).padStart(digits)}/${epoch.epochs}`,
    `loss ${epoch.loss.toFixed(4)}`,
    `rate ${epoch.learningRate.toExponential(1)}`,
  ].join('  ');
  const end = formatDuration(epoch.seconds).padStart(6);
  let line = start;
  for (const [name, value] of Object.entries(epoch.validation ?? {})) {
    const next = `${line}  ${name} ${formatMetric(value)}`;
    if (next.length + end.length + 2 > width) break;
    line = next;
  }
  return `${line}  ${end}`;
}
