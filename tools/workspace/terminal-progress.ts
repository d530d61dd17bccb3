import type { Progress } from '@headstart/core';

/** Where progress goes: stderr, or anything that takes text. */
export interface Terminal {
  write(text: string): unknown;
  isTTY?: boolean;
}

const megabyte = 1_000_000;

/** `12.3 of 274.0 MB`, or `40 of 200 images`. */
function amount(done: number, total: number | undefined, unit: string): string {
  const show = (value: number) => (unit === 'bytes' ? (value / megabyte).toFixed(1) : String(value));
  return `${show(done)}${total === undefined ? '' : ` of ${show(total)}`} ${unit === 'bytes' ? 'MB' : unit}`;
}

/**
 * Progress for the repository's own programs: one line for each piece of work, redrawn on a terminal;
 * elsewhere (a build log) a new line at each tenth of the whole.
 */
export function terminalProgress(terminal: Terminal = process.stderr): Progress {
  return {
    start({ label, total, unit }) {
      let latest = 0;
      let tenths = 0;
      terminal.write(`${label} …${terminal.isTTY ? '' : '\n'}`);
      return {
        update(done, note) {
          latest = done;
          const line = `${label}: ${amount(done, total, unit)}${note ? `, ${note}` : ''}`;
          if (terminal.isTTY) {
            terminal.write(`\r\u001b[K${line}`);
          } else if (total !== undefined && Math.floor((10 * done) / total) > tenths) {
            tenths = Math.floor((10 * done) / total);
            terminal.write(`${line}\n`);
          }
        },
        end() {
          terminal.write(`${terminal.isTTY ? '\r\u001b[K' : ''}${label}: done, ${amount(latest, undefined, unit)}\n`);
        },
      };
    },
  };
}
