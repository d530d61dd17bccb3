import { format, inspect, type InspectOptions } from 'node:util';
import { harmless } from '@headstart/artifacts/errors';

const METHODS = ['debug', 'dirxml', 'error', 'info', 'log', 'warn'] as const;

/**
 * Sends what libraries and plugins print through the console to where messages go: standard output is for results, and what
 * they quote from files (the class of a tokenizer, say) may hold orders to the terminal, which are shown escaped.
 */
export function tameConsole(
  console: Pick<Console, (typeof METHODS)[number] | 'dir'>,
  write: (text: string) => void,
): void {
  const print = (text: string) => write(`${text.split('\n').map(harmless).join('\n')}\n`);
  for (const method of METHODS) console[method] = (...said: unknown[]) => print(format(...said));
  // The console's other methods print by these.
  console.dir = (value: unknown, options?: InspectOptions) => print(inspect(value, options));
}
