import { Option, type Command } from 'commander';
import { wholeNumber } from '@headstart/core/options';
import { memorySize, valueOf } from './values.ts';

/** How the user wants to compute. */
export interface BackendChoice {
  backend?: string;
  device?: 'gpu' | 'cpu' | 'auto';
  threads?: number;
  /** Most memory to take of a GPU, in bytes. */
  memoryLimit?: number;
  /** How far what computes gives way to the event loop; commands choose it, not users. */
  niceness?: number;
}

export function addBackendOptions(command: Command): Command {
  return command
    .option('--backend <name>', 'engine to compute with, instead of the best one that works')
    .addOption(new Option('--device <device>', 'where to compute').choices(['auto', 'gpu', 'cpu']))
    .option('--threads <n>', 'threads to compute with', valueOf(wholeNumber(1)))
    .option('--memory-limit <size>', 'most memory to take of a GPU, such as 4GiB', memorySize);
}

/** The arguments of a command that computes as this choice says. */
export function backendArguments({ backend, device, threads, memoryLimit }: BackendChoice): string[] {
  const given = { backend, device, threads, 'memory-limit': memoryLimit };
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]));
}
