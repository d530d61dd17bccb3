import { commandLine } from './command-line.ts';
import type { Composition } from './composition.ts';
import { exitCodes, reportFailure, type ExitCode } from './failures.ts';
import { Console, type Output } from './terminal/console.ts';

export interface RunOptions {
  readonly composition: Composition;
  readonly version: string;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs one command line. @returns the exit code: 0 done, 1 failed, 2 wrong usage */
export async function run(
  args: readonly string[],
  { composition, version, stdout, stderr, env }: RunOptions,
): Promise<ExitCode> {
  const console = new Console(stdout, stderr, env);
  try {
    await commandLine({ console, composition }, version).parseAsync(args, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    return reportFailure(error, console, wantsJson(args));
  } finally {
    console.close();
  }
}

/** Known before the command line is understood: also a wrong one is answered in JSON where that was asked for. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes('--json');
}
