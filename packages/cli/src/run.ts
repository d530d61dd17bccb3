import { commandLine } from './command-line.ts';
import type { CommandHost } from './command-host.ts';
import type { Composition } from './composition.ts';
import { exitCodes, reportFailure, withPluginFailures, type ExitCode } from './failures.ts';
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
  const host = commandHost(console, composition);
  try {
    await commandLine(host, version).parseAsync(args, { from: 'user' });
    return host.failed ? exitCodes.failed : exitCodes.done;
  } catch (error) {
    return reportFailure(withPluginFailures(error, composition.failures()), console, wantsJson(args));
  } finally {
    console.close();
  }
}

/** What the commands of one command line work with. */
export function commandHost(console: Console, composition: Composition): CommandHost & { readonly failed: boolean } {
  const said = new Set<string>();
  let failed = false;
  return {
    console,
    composition,
    get failed() {
      return failed;
    },
    fail: () => void (failed = true),
    warnOfFailures() {
      for (const { plugin, error } of composition.failures()) {
        if (said.has(plugin)) continue;
        said.add(plugin);
        const { colours } = console;
        console.entry(
          colours.yellow(' warn'),
          `The plugin ${plugin} is left out. ${error.message} ${colours.dim(`[${error.code}] ${error.hint}`)}`,
        );
      }
    },
  };
}

/** Known before the command line is understood: also a wrong one is answered in JSON where that was asked for. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes('--json');
}
