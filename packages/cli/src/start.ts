import type { ErrorCode } from '@headstart/artifacts/errors';
import { describeFailure, exitCodes } from './failures.ts';
import { program } from './program.ts';
import { tameConsole } from './terminal/library-output.ts';

/**
 * The `headstart` command as a process: takes the arguments of this process, sets its exit code, and lives with readers
 * that went away. The executables of this package and of `headstart` are this call.
 */
export async function start(): Promise<void> {
  // A reader that went away (`headstart sources | head -1`) is no failure, and a closed stderr must not end a run.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    process.stderr.write(`error The result could not be written: ${error.message} [${outputCode(error)}]\n`);
    process.exit(1);
  });
  // Nobody is left to tell where even that fails: a terminal that was closed (EIO), a log on a full disk.
  process.stderr.on('error', () => {});
  tameConsole(console, (text) => process.stderr.write(text));

  try {
    process.exitCode = await program(process.argv.slice(2));
  } catch (error) {
    // What fails before a command line is there to tell it: too many open files while modules are imported.
    const { message, code, hint } = describeFailure(error);
    process.stderr.write(`error ${message} [${code}]\n hint ${hint}\n`);
    process.exitCode = exitCodes.failed;
  }
}

function outputCode({ code }: NodeJS.ErrnoException): ErrorCode {
  return code === 'ENOSPC' || code === 'EDQUOT' ? 'storage-full' : 'storage-failed';
}
