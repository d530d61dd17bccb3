import { spawn } from 'node:child_process';
import type { CommandHost } from './command-host.ts';
import { exitCodes, type ExitCode } from './failures.ts';

/**
 * Offers the package that mends a failure to the person at the terminal: where it is wanted, adds it and runs the command again.
 * @param install the package, with a version where it has to be that one
 * @returns the exit code of the second run; undefined where nobody is there, or the package is not wanted
 */
export async function offerInstall(
  host: CommandHost,
  install: string,
  args: readonly string[],
): Promise<ExitCode | undefined> {
  if (!host.ask) return undefined;
  const { additionLines, carryOut, planAddition } = await import('./add/add-plugin.ts');
  const cwd = process.cwd();
  const addition = await planAddition(cwd, install);
  for (const line of additionLines(cwd, addition)) host.console.say(line);
  if (!(await host.ask(`Add ${install}, and run the command again?`))) return undefined;
  await carryOut(cwd, addition);
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...args], { stdio: 'inherit' });
  const code = await new Promise<number | null>((done, failed) => child.on('close', done).on('error', failed));
  return code === exitCodes.done || code === exitCodes.usage ? code : exitCodes.failed;
}
