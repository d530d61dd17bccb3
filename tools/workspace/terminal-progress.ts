import type { Progress } from '@headstart/core';

/** Where progress goes: stderr, or anything that takes text. */
export interface Terminal {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

const megabyte = 1_000_000;

/** Milliseconds between two lines about the same work where there is no terminal. */
const pause = 5000;

/** `12.3 of 274.0 MB`, or `40 of 200 images`. */
function amount(done: number, total: number | undefined, unit: string): string {
  const show = (value: number) => (unit === 'bytes' ? (value / megabyte).toFixed(1) : String(value));
  return `${show(done)}${total === undefined ? '' : ` of ${show(total)}`} ${unit === 'bytes' ? 'MB' : unit}`;
}

/**
 * Progress for the repository's own programs. On a terminal: one line for each piece of work, redrawn.
 * Elsewhere (a build log): a line at the start and the end, and for long work one every few seconds.
 * Steps of training show on a terminal only and leave no line: what an epoch came to is the program's to report.
 */
export function terminalProgress(
  terminal: Terminal = process.stderr,
  now: () => number = () => performance.now(),
): Progress {
  // One column stays free: a line that fills the last one wraps, and is then redrawn below itself.
  const fit = (line: string) => line.slice(0, (terminal.columns ?? 80) - 1);
  const draw = (line: string) => terminal.write(`\r\u001b[K${fit(line)}`);
  return {
    start({ label, total, unit }) {
      const passing = unit === 'steps';
      let latest = 0;
      let said = now();
      if (terminal.isTTY) draw(`${label} …`);
      else if (!passing) terminal.write(`${label} …\n`);
      return {
        update(done, note) {
          latest = done;
          const line = `${label}: ${amount(done, total, unit)}${note ? `, ${note}` : ''}`;
          if (terminal.isTTY) {
            draw(line);
          } else if (!passing && now() - said >= pause && done !== total) {
            said = now();
            terminal.write(`${line}\n`);
          }
        },
        end() {
          if (terminal.isTTY) draw('');
          if (!passing)
            terminal.write(
              `${fit(latest > 0 ? `${label}: done, ${amount(latest, undefined, unit)}` : `${label}: done`)}\n`,
            );
        },
      };
    },
  };
}
