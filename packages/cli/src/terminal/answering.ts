import type { TransferResult } from '@headstart/core';
import type { Console } from './console.ts';
import { formatCount } from './format.ts';

/** What a model makes of its numbers: its temperature, and the rule by which probabilities become answers. */
export function printAnswering(
  console: Console,
  { calibration, decision = {} }: Pick<TransferResult, 'calibration' | 'decision'>,
): void {
  const lines: string[] = [];
  if (calibration) {
    const { temperature, samples, splits } = calibration;
    lines.push(`temperature ${temperature.toFixed(3)}, fitted on ${formatCount(samples)} validation samples:`);
    for (const [split, { before, after }] of Object.entries(splits)) {
      const change = (name: 'ece' | 'nll') => `${name} ${before[name].toFixed(4)} to ${after[name].toFixed(4)}`;
      lines.push(`  ${split}: ${change('ece')}, ${change('nll')}`);
    }
  }
  const thresholds = Object.entries(decision.thresholds ?? {});
  if (thresholds.length > 0)
    lines.push(`labels are given from ${thresholds.map(([label, p]) => `${label} ${p.toFixed(3)}`).join(', ')}`);
  if (decision.abstainBelow !== undefined) lines.push(`no answer below a probability of ${decision.abstainBelow}`);
  if (lines.length === 0) return;
  console.print();
  for (const line of lines) console.print(line);
}
