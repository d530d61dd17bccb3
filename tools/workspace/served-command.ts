import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { compiledCommand } from './compiled-command.ts';

/** A `headstart serve` of the workspace that listens on a free port of the loopback address. */
export interface ServedCommand {
  readonly url: string;
  readonly port: number;
  /** What computes its predictions. */
  readonly engine: string;
  /** What it has said on stderr so far. */
  stderr(): string;
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): void;
}

/** @throws Error where it ends before it listens */
export async function startServing(model: string, ...options: string[]): Promise<ServedCommand> {
  const child = spawn(process.execPath, [compiledCommand(), 'serve', model, '--port', '0', '--json', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  const first = once(createInterface(child.stdout), 'line') as Promise<[string]>;
  const listening = await Promise.race([first.then(([line]) => line), ended.then(() => undefined)]);
  if (listening === undefined || !listening.includes('"url"')) {
    await ended;
    throw new Error(`serve ended before it listened: ${listening ?? ''}${said}`);
  }
  const { url, port, computedBy } = JSON.parse(listening) as {
    url: string;
    port: number;
    computedBy: { engine: string };
  };
  return { url, port, engine: computedBy.engine, stderr: () => said, ended, kill: (signal) => void child.kill(signal) };
}
