import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

export interface ProcessOutcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SpawnOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Called with what stderr has so far, whenever there is more. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
  /** Close our end of stdout at once, as `head -0` does. */
  readonly closeStdout?: boolean;
}

/** Runs a TypeScript program of the workspace in a process of its own. */
export function spawnSource(
  program: string,
  args: readonly string[],
  { cwd, env, onStderr, closeStdout }: SpawnOptions,
): Promise<ProcessOutcome> {
  const loader = import.meta.resolve('tsx');
  const child = spawn(process.execPath, ['--conditions=@headstart/source', '--import', loader, program, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (closeStdout) child.stdout.destroy();
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    onStderr?.(stderr, (signal) => child.kill(signal));
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Runs the real `headstart` command. */
export function spawnCommand(args: readonly string[], options: SpawnOptions): Promise<ProcessOutcome> {
  return spawnSource(main, args, options);
}
