import { format } from 'node:util';
import { harmless } from '@headstart/artifacts/errors';

const METHODS = ['debug', 'error', 'info', 'log', 'warn'] as const;

/**
 * Sends what libraries and plugins print through the console to where messages go: standard output is for results, and what
 * they quote from files (the class of a tokenizer, say) may hold orders to the terminal, which are shown escaped.
 */
export function tameConsole(console: Pick<Console, (typeof METHODS)[number]>, write: (text: string) => void): void {
  for (const method of METHODS)
    console[method] = (...said: unknown[]) =>
      write(
        `${format(...said)
          .split('\n')
          .map(harmless)
          .join('\n')}\n`,
      );
}
