import type { SkippedSample } from '@headstart/core';
import type { Console } from './console.ts';

const lines = 10;

/** What `--skip-bad` left out, the first few by name. */
export function printSkipped(console: Console, skipped: readonly SkippedSample[]): void {
  if (skipped.length === 0) return;
  console.print(`${console.outColours.dim('skipped'.padEnd(9))}${skipped.length} unreadable`);
  for (const { id, reason } of skipped.slice(0, lines)) console.print(`  ${id}: ${reason}`);
  if (skipped.length > lines) console.print(`  … and ${skipped.length - lines} more (--json lists all)`);
}
