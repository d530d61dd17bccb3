import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { compiledCommand } from '../tools/workspace/compiled-command.ts';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandFailure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** The real command with `--json` in a folder, on plain JavaScript and with a cache of the folder's own. */
export function jsonCommand(folder: () => string) {
  function headstart(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    const child = spawn(process.execPath, [compiledCommand(), ...args, '--json'], {
      cwd: folder(),
      env: {
        ...process.env,
        HEADSTART_BACKEND: 'cpu',
        HEADSTART_CACHE: join(folder(), 'cache'),
        HEADSTART_FEATURES: undefined,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].on('data', (chunk: Buffer) => (said[stream] += chunk.toString()));
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, ...said }));
    });
  }

  /** Expects exit code 1 and one document on stdout that holds the error and nothing else. */
  async function failure(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<CommandFailure> {
    const outcome = await headstart(args, env);
    expect(outcome).toMatchObject({ code: 1, stderr: expect.not.stringContaining('    at ') as string });
    const document = JSON.parse(outcome.stdout) as { error: CommandFailure };
    expect(Object.keys(document)).toEqual(['error']);
    expect(Object.keys(document.error)).toEqual(['code', 'message', 'hint']);
    return document.error;
  }

  return { headstart, failure };
}
