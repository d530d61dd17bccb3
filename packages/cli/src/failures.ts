import { CommanderError } from 'commander';
import { HeadstartError, storageError, type ErrorCode } from '@headstart/artifacts/errors';
import type { PluginFailure } from '@headstart/core/manifest';
import type { Console } from './terminal/console.ts';

/** Exit codes: done, failed, wrong usage. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const notFailures = new Set(['commander.helpDisplayed', 'commander.version']);

/** Reports to the user what went wrong, once, and gives the exit code. */
export function reportFailure(error: unknown, console: Console, json: boolean): ExitCode {
  if (error instanceof CommanderError && notFailures.has(error.code)) return exitCodes.done;
  const failure = describeFailure(error);
  if (json) console.json({ error: failure.toJSON() });
  else {
    const { colours } = console;
    console.close();
    console.entry(colours.red(colours.bold('error')), `${failure.message} ${colours.dim(`[${failure.code}]`)}`);
    if (failure.hint) console.entry(colours.dim(' hint'), failure.hint);
    if (failure.code === 'internal' && error instanceof Error && error.stack)
      for (const line of error.stack.split('\n')) console.say(colours.dim(line));
  }
  return failure.code === 'usage' ? exitCodes.usage : exitCodes.failed;
}

/** What may have failed because a plugin that could not be used would have brought it. */
const maybeBrought: ReadonlySet<ErrorCode> = new Set([
  'unknown-name',
  'not-supported',
  'target-unreadable',
  'target-not-found',
]);

/** An error that says, too, which plugins could not be used, where one of them may have had what is missing. */
export function withPluginFailures(error: unknown, failures: readonly PluginFailure[]): unknown {
  if (!HeadstartError.is(error) || !maybeBrought.has(error.code)) return error;
  const others = failures.filter(({ plugin }) => !error.hint.includes(plugin) && !error.message.includes(plugin));
  if (others.length === 0) return error;
  const { code, message, hint, install } = error;
  const left = others.map(({ plugin, error: reason }) => `${plugin} is left out: ${reason.message}`).join(' ');
  return new HeadstartError({ code, message, hint: `${hint} ${left}`, install, cause: error });
}

/** Any failure as code, message and hint. */
export function describeFailure(error: unknown): HeadstartError {
  if (HeadstartError.is(error)) return error;
  if (error instanceof CommanderError) return usageError(error);
  if (isSystemError(error)) return storageError('use', error.path ?? 'a file', error);
  return new HeadstartError({
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    hint: 'This is a defect of Headstart: please report it with the command line and the output.',
    cause: error,
  });
}

/** An error of the operating system that nobody has told in the words of what was done. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}

/** Wrong usage found by a command itself. */
export function usage(message: string, hint: string): HeadstartError {
  return new HeadstartError({ code: 'usage', message, hint });
}

function usageError(error: CommanderError): HeadstartError {
  if (error.code === 'commander.help')
    return usage('A command is missing.', 'Run headstart --help for the list of commands.');
  const [what = '', ...suggestion] = error.message.replace(/^error: /, '').split('\n');
  const sentence = what.charAt(0).toUpperCase() + what.slice(1);
  const near = suggestion.join(' ').replace(/^\(|\)$/g, '');
  return usage(
    /[.?!]$/.test(sentence) ? sentence : `${sentence}.`,
    [near, 'Add --help to see what the command takes.'].filter(Boolean).join(' '),
  );
}
