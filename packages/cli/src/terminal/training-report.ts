import type { EpochInfo, ResolvedChoice, RunEvents } from '@headstart/core';
import type { Console } from './console.ts';
import { formatCount, formatDuration, formatMetric } from './format.ts';
import { printReading } from './reading.ts';

/** Whether an option was given, by the option's name without its dashes. */
export type Given = (option: string) => boolean;

/** The option that makes a choice. */
const optionOf: Readonly<Record<ResolvedChoice['what'], string>> = {
  reader: 'reader',
  task: 'task',
  source: 'source',
  strategy: 'strategy',
  epochs: 'epochs',
  batch: 'batch',
  augmentation: 'augmentation',
  classes: 'keep-classes',
  'class weights': 'class-weights',
  sampling: 'sampling',
  head: 'source',
  intercepts: 'class-weights',
  adapt: 'adapt',
  epoch: 'select',
  judge: 'judge',
  groups: 'group-column',
  backend: 'backend',
  precision: 'precision',
  'learning rate': 'learning-rate',
};

/** About as many lines an epoch table has at most. */
const epochLines = 12;

const labelWidth = 14;

/** The first line: what has begun, before anything of it is known. */
export function sayStart(console: Console, what: 'reading' | 'resuming', name: string): void {
  console.entry(console.colours.dim(what), name, labelWidth);
}

export interface TrainingReport {
  readonly events: Partial<RunEvents>;
  /** The run's folder, once it is known. */
  readonly directory: string | undefined;
}

/** Reports on stderr what a run chooses and how it goes. */
export function trainingReport(console: Console, given: Given): TrainingReport {
  const { colours } = console;
  let directory: string | undefined;
  let unprinted: EpochInfo | undefined;
  let toldReuse = false;

  const entry = (label: string, text: string) => console.entry(colours.dim(label), text, labelWidth);
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
    reading: (report) => printReading(console, report, labelWidth),
    runStart(run) {
      directory = run.directory;
      const splits = Object.entries(run.samples).map(([split, count]) => `${split} ${formatCount(count)}`);
      const classes = run.labels.length > 0 ? ` in ${run.labels.length} classes` : '';
      entry('samples', `${splits.join(', ')}${classes}`);
      entry(run.resumed ? 'resumed in' : 'run', run.directory);
    },
    phaseStart({ phase, index, count: phases, trainableParameters, frozenStages, cachedStages }) {
      finishPhase();
      const train = `${formatCount(trainableParameters)} parameters train`;
      const frozen =
        frozenStages.length === 0
          ? []
          : [`${count(frozenStages.length, 'stage')} frozen${computedOnce(frozenStages.length, cachedStages.length)}`];
      console.say();
      console.say(colours.bold(`Phase ${index + 1} of ${phases}: ${phase.name}`));
      console.say(colours.dim(`  ${[train, ...frozen].join(', ')}`));
    },
    features({ computed, reused, seconds }) {
      // Splits that come from the cache altogether are worth one line per run.
      if (computed === 0 && toldReuse) return;
      toldReuse = true;
      const parts = [
        computed > 0 ? `${formatCount(computed)} computed in ${formatDuration(seconds)}` : '',
        reused > 0 ? `${formatCount(reused)} reused from the cache` : '',
      ].filter(Boolean);
      if (parts.length > 0) entry('features', parts.join(', '));
    },
    derived({ summary }) {
      finishPhase();
      entry('pseudo-labels', summary);
    },
    epochEnd(epoch) {
      const every = Math.ceil(epoch.epochs / epochLines);
      if (epoch.epoch === 1 || epoch.epoch % every === 0 || epoch.epoch === epoch.epochs) epochLine(epoch);
      else unprinted = epoch;
    },
    phaseEnd({ chosen: { epoch, of, why } }) {
      finishPhase();
      console.say(colours.dim(`  epoch ${epoch} of ${of} is kept: ${why}`));
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

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function computedOnce(frozen: number, cached: number): string {
  if (cached === 0) return '';
  return cached === frozen ? ' and computed once' : ` (${cached} computed once)`;
}
