import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A checkout of the repository whose command is run. */
export interface Tree {
  /** How it is called in what is printed. */
  readonly name: string;
  readonly folder: string;
  /** Where its command is started and keeps its features. Downloads are shared. */
  readonly scratch: string;
}

/**
 * Runs a tree's own command on its own sources.
 * @returns what it printed
 * @throws Error with what it said last, or the signal's reason
 */
export async function headstart(
  { name, folder, scratch }: Tree,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const mode = (await import(
    pathToFileURL(join(folder, 'tools/workspace/source-mode.mjs')).href
  )) as typeof import('../workspace/source-mode.mjs');
  signal.throwIfAborted();
  const child = spawn(process.execPath, [...mode.sourceArguments, join(folder, 'packages/cli/src/main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: scratch,
    env: { ...mode.sourceEnvironment(), HEADSTART_FEATURES: join(scratch, 'features') },
  });
  const stop = () => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop);
  const [output, said]: [string[], string[]] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (code === 0) return output.join('');
  const end = (output.join('') || said.join('')).trim().split('\n').slice(-8).join('\n');
  throw new Error(`"headstart ${args.join(' ')}" of ${name} ended with exit code ${code}:\n${end}`);
}
