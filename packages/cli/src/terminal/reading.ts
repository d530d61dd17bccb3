import type { ReadingReport } from '@headstart/core/readers';
import type { Console } from './console.ts';
import { formatCount } from './format.ts';

const EXAMPLES = 3;

/** Says beside the result what of the data was left aside and mended, and what looks wrong in them. */
export function printReading(
  console: Console,
  { passedOver, cleaned, warnings }: ReadingReport,
  labelWidth = 14,
): void {
  const { colours } = console;
  for (const { what, count, examples } of passedOver) {
    const shown = examples.slice(0, EXAMPLES).join(', ');
    const more = count > EXAMPLES ? ', …' : '';
    console.entry(colours.dim('passed over'), `${what} (${formatCount(count)}): ${shown}${more}`, labelWidth);
  }
  for (const { message } of cleaned) console.entry(colours.dim('cleaned'), message, labelWidth);
  sayWarnings(console, warnings);
}

/** Says what looks wrong. */
export function sayWarnings(console: Console, warnings: ReadingReport['warnings']): void {
  const { colours } = console;
  for (const { code, message, hint } of warnings)
    console.say(`${colours.yellow('warning')} ${message} ${colours.dim(`[${code}] ${hint}`)}`);
}
