import { Writable } from 'node:stream';
import type { Composition } from '../composition.ts';
import type { ExitCode } from '../failures.ts';
import { run } from '../run.ts';

/** Keeps what is written; a terminal where told so. */
class Captured extends Writable {
  text = '';

  constructor(
    readonly isTTY: boolean,
    readonly columns?: number,
  ) {
    super();
  }

  override _write(chunk: Buffer | string, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

export interface Outcome {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process on a given composition. */
export async function runCommand(
  composition: Composition,
  args: readonly string[],
  { terminal = false, columns = 80, env = {} }: { terminal?: boolean; columns?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  const stdout = new Captured(terminal, columns);
  const stderr = new Captured(terminal, columns);
  const code = await run(args, { composition, version: '1.2.3', stdout, stderr, env });
  return { code, stdout: stdout.text, stderr: stderr.text };
}
