import { program } from './program.ts';

/**
 * The `headstart` command as a process: takes the arguments of this process, sets its exit code, and lives with readers
 * that went away. The executables of this package and of `headstart` are this call.
 */
export async function start(): Promise<void> {
  // A reader that went away (`headstart sources | head -1`) is no failure, and a closed stderr must not end a run.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

  process.exitCode = await program(process.argv.slice(2));
}
