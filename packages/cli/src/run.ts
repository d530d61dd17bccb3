import { HeadstartError } from '@headstart/artifacts/errors';
import { commandLine } from './command-line.ts';
import type { CommandHost } from './command-host.ts';
import type { Composition } from './composition.ts';
import { exitCodes, reportFailure, withPluginFailures, type ExitCode } from './failures.ts';
import { ask, isInteractive, type Input } from './terminal/ask.ts';
import { Console, type Output } from './terminal/console.ts';

export interface RunOptions {
  readonly composition: Composition;
  readonly version: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Where answers come from; nobody is asked where it is absent or no terminal. */
  readonly stdin?: Input;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs one command line. @returns the exit code: 0 done, 1 failed, 2 wrong usage */
export async function run(
  args: readonly string[],
  { composition, version, stdout, stderr, stdin, env }: RunOptions,
): Promise<ExitCode> {
  const console = new Console(stdout, stderr, env);
  const json = wantsJson(args);
  const asked = !json && isInteractive(console, stdin) ? (question: string) => ask(question, stdin, stderr) : undefined;
  const host = commandHost(console, composition, asked);
  try {
    await commandLine(host, version).parseAsync(args, { from: 'user' });
    return host.failed ? exitCodes.failed : exitCodes.done;
  } catch (error) {
    const code = reportFailure(withPluginFailures(error, composition.failures()), console, json);
    return (await mended(host, error, args, json)) ?? code;
  } finally {
    console.close();
  }
}

/** The exit code of a second run, where a package was missing that has been installed now. */
async function mended(
  host: CommandHost,
  error: unknown,
  args: readonly string[],
  json: boolean,
): Promise<ExitCode | undefined> {
  if (!host.ask || !HeadstartError.is(error) || error.install === undefined) return undefined;
  try {
    const { offerInstall } = await import('./offer-install.ts');
    return await offerInstall(host, error.install, args);
  } catch (failure) {
    return reportFailure(failure, host.console, json);
  }
}

/** What the commands of one command line work with. */
export function commandHost(
  console: Console,
  composition: Composition,
  asked?: CommandHost['ask'],
): CommandHost & { readonly failed: boolean } {
  const said = new Set<string>();
  let failed = false;
  return {
    console,
    composition,
    ask: asked,
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
