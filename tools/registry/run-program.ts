import { spawn } from 'node:child_process';

/** How a program ended, with what it said. */
export interface Outcome {
  readonly line: string;
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** Runs a program and gathers what it says. The promise is never rejected by how it ends. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; shell?: boolean },
): Promise<Outcome> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (status) =>
      resolve({
        line: [file, ...args].join(' '),
        status,
        stdout,
        stderr,
        seconds: (performance.now() - started) / 1000,
      }),
    );
  });
}

/** The outcome itself where the program ended well. @throws Error with what it said where it did not */
export function succeeded(outcome: Outcome): Outcome {
  if (outcome.status === 0) return outcome;
  throw new Error(
    `${outcome.line}\nended with ${outcome.status}:\n${`${outcome.stdout}\n${outcome.stderr}`.trim().slice(-3000)}`,
  );
}

/** The environment without what npm tells the programs that it starts: each client is to find its own settings. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE_OPTIONS$|TSX_)/i.test(name)),
  );
}
