import type { TransferResult } from '@headstart/core';
import { printAnswering } from './answering.ts';
import type { Console } from './console.ts';
import { formatDuration, formatMetric } from './format.ts';
import { metricTable } from './metric-table.ts';
import { printSkipped } from './skipped.ts';

type Judged = NonNullable<NonNullable<TransferResult['selection']>[number]['judged']>;

/** The outcome of a transfer, and what to do with it. */
export function printTransferResult(console: Console, result: TransferResult): void {
  const { outColours: colours } = console;
  const { total, features, training, evaluation } = result.seconds;
  for (const line of metricTable(result.metrics, result.intervals)) console.print(line);
  console.print();
  const entry = (label: string, text: string) => console.print(`${colours.dim(label.padEnd(9))}${text}`);
  const parts = [
    `features ${formatDuration(features)}`,
    `training ${formatDuration(training)}`,
    `evaluation ${formatDuration(evaluation)}`,
  ];
  entry('time', `${formatDuration(total)} ${colours.dim(`(${parts.join(', ')})`)}`);
  for (const { phase, by, would, judged } of result.selection ?? []) {
    const ways = Object.entries(would).map(([way, { epoch, accuracy }]) => {
      const asides = [...(accuracy === undefined ? [] : [formatMetric(accuracy)]), ...(way === by ? ['kept'] : [])];
      return `${way} ${epoch}${asides.length > 0 ? ` (${asides.join(', ')})` : ''}`;
    });
    entry('epochs', `${phase}: ${ways.join(', ')}`);
    if (judged) entry('judged', judgement(judged));
  }
  entry('backend', `${result.backend} on ${result.device}`);
  entry('model', colours.bold(result.model));
  printAnswering(console, result);
  printSkipped(console, result.skipped);
  console.print();
  console.print('Next');
  console.print(`  headstart predict ${result.model} <input…>`);
  console.print(`  headstart evaluate ${result.model} <target>`);
  console.print(`  headstart export ${result.model} --format tfjs`);
}

/** How good the kept epoch was on the test domain beside the best one. */
function judgement({ on, samples, setting, kept, oracle, regret }: Judged): string {
  const epoch = (each: { epoch: number; accuracy: number }) => `${formatMetric(each.accuracy)} in epoch ${each.epoch}`;
  const domain = `${samples} samples of ${on}, ${setting}`;
  return `accuracy ${epoch(kept)}, which was kept; the oracle ${epoch(oracle)}, regret ${formatMetric(regret)} (${domain}; nothing was chosen by it)`;
}
