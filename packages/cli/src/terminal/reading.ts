import type { PassedOver, ReadingReport, UnlabelledReading } from '@headstart/core/readers';
import type { Console } from './console.ts';
import { formatCount } from './format.ts';

const EXAMPLES = 3;

/** Says beside the result what of the data was left aside and mended, and what looks wrong in them. */
export function printReading(
  console: Console,
  { passedOver, cleaned, warnings, unlabelled }: ReadingReport,
  labelWidth = 14,
): void {
  const { colours } = console;
  const entry = (label: string, text: string) => console.entry(colours.dim(label), text, labelWidth);
  for (const passed of passedOver) entry('passed over', leftAside(passed));
  for (const { message } of cleaned) entry('cleaned', message);
  sayWarnings(console, warnings);
  if (unlabelled) printUnlabelled(console, unlabelled, (text) => entry('to adapt to', text));
}

function leftAside({ what, count, examples }: PassedOver): string {
  const shown = examples.slice(0, EXAMPLES).join(', ');
  return `${what} (${formatCount(count)}): ${shown}${count > EXAMPLES ? ', …' : ''}`;
}

/** Says how the samples to adapt to were read: from which columns or folders, what was left aside, what looks wrong. */
function printUnlabelled(
  console: Console,
  { remarks, table, passedOver, warnings }: UnlabelledReading,
  fact: (text: string) => void,
): void {
  for (const remark of remarks) fact(remark);
  if (table) fact(`columns: ${table.columns.map(({ name, role }) => `${name} → ${role ?? 'not read'}`).join(', ')}`);
  for (const passed of passedOver) fact(`passed over: ${leftAside(passed)}`);
  sayWarnings(
    console,
    warnings.map((warning) => ({ ...warning, message: `Of the samples to adapt to: ${warning.message}` })),
  );
}

/** Says what looks wrong. */
export function sayWarnings(console: Console, warnings: ReadingReport['warnings']): void {
  const { colours } = console;
  for (const { code, message, hint } of warnings)
    console.say(`${colours.yellow('warning')} ${message} ${colours.dim(`[${code}] ${hint}`)}`);
}
