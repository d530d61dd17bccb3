import { spawn } from 'node:child_process';

/** What a client said, and how it ended. */
export interface ClientRun {
  /** Undefined where the program is not on this machine. */
  status: number | undefined;
  stdout: string;
  stderr: string;
}

const KEEP = 2 ** 20;

/** Runs a package client to its end and collects what it says (the last MiB of each stream). */
export function runClient(
  command: string,
  args: readonly string[],
  { cwd, env, shell = false }: { cwd: string; env: NodeJS.ProcessEnv; shell?: boolean },
): Promise<ClientRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    const stop = () => child.kill();
    process.once('exit', stop);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout = (stdout + text).slice(-KEEP)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-KEEP)));
    child.once('error', (error: NodeJS.ErrnoException) => {
      process.off('exit', stop);
      if (error.code === 'ENOENT' || error.code === 'EACCES') resolve({ status: undefined, stdout, stderr });
      else reject(error);
    });
    child.once('close', (code) => {
      process.off('exit', stop);
      resolve({ status: code ?? 1, stdout, stderr });
    });
  });
}
