import { fork, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceRoot } from '../workspace/root.mjs';
import { sourceArguments, sourceEnvironment } from '../workspace/source-mode.mjs';
import type { Outcome } from './family.ts';
import type { Answer, Ask } from './messages.ts';

export interface Limits {
  /** The longest that the reading of an input may take, in milliseconds. */
  readonly time: number;
  /** The most memory that the process may have, in bytes. */
  readonly memory: number;
}

/** After so many inputs a child makes way for a fresh one, so that memory is an input's and not all of theirs. */
const INPUTS_PER_CHILD = 400;
/** How long a child may take to start, or to make an input, in milliseconds. */
const PATIENCE = 120_000;

/** What became of an input, and what it took. */
export interface Result {
  readonly outcome: Outcome;
  readonly milliseconds: number;
  readonly peak: number;
}

/** A child process and its watch: one input at a time. A child that ended is followed by another. */
export class Hand {
  #child: ChildProcess | undefined;
  #read = 0;
  #said = '';
  #ended: Outcome | undefined;

  /** @param script what the child runs */
  constructor(
    private readonly cache: string,
    private readonly limits: Limits,
    private readonly script = join(workspaceRoot, 'tools/fuzz/child.ts'),
  ) {}

  /** How the child ended after it had told the outcome of the last input, where it did: that is the input's doing. */
  lateEnd(): Outcome | undefined {
    return this.#ended;
  }

  /**
   * Has an input read.
   * @returns besides, how the child ended because of the input before, where it did once it had told that one's outcome
   */
  async ask(ask: Ask): Promise<Result & { readonly before?: Outcome }> {
    const ended = this.#ended;
    const used = this.#child !== undefined && !ended;
    const result = await this.#once(ask);
    if (!result.unread || !used) return { ...result, before: ended };
    const again = await this.#once(ask);
    return again.unread ? again : { ...again, before: result.outcome };
  }

  async #once(ask: Ask): Promise<Result & { readonly unread: boolean }> {
    const child = await this.#ready();
    const result = await this.#watched(child, ask);
    this.#read += 1;
    const { kind } = result.outcome;
    const ended = kind === 'hang' || kind === 'memory' || kind === 'crash';
    if (ended || this.#read >= INPUTS_PER_CHILD) await this.close();
    return result;
  }

  async close(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    this.#ended = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  async #ready(): Promise<ChildProcess> {
    if (this.#child && !this.#ended) return this.#child;
    this.#ended = undefined;
    this.#read = 0;
    this.#said = '';
    const child = fork(this.script, [this.cache], {
      execArgv: sourceArguments,
      env: { ...sourceEnvironment(), HEADSTART_CACHE: this.cache, NO_COLOR: '1' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.stderr!.on('data', (chunk: Buffer) => (this.#said = (this.#said + chunk.toString()).slice(-4000)));
    // What it could not be sent: it has ended, which is told besides.
    child.on('error', (error) => (this.#said += `${error.message}\n`));
    child.once('exit', (code, signal) => {
      if (this.#child === child) this.#ended = endOf(code, signal, this.#said);
    });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', () => reject(new Error(`A child did not start: ${this.#said}`)));
    });
    return child;
  }

  #watched(child: ChildProcess, ask: Ask): Promise<Result & { readonly unread: boolean }> {
    return new Promise((resolve) => {
      let started = performance.now();
      let peak = 0;
      let unread = true;
      const { time, memory } = this.limits;
      const end = (outcome: Outcome) => {
        clearTimeout(deadline);
        clearInterval(watch);
        child.off('message', heard);
        child.off('exit', died);
        resolve({
          outcome,
          milliseconds: performance.now() - started,
          peak,
          unread: unread && outcome.kind === 'crash',
        });
      };
      const late = () => end({ kind: 'hang', message: `it took more than ${time / 1000} s` });
      let deadline = setTimeout(late, PATIENCE);
      const heavy = (bytes: number) => {
        peak = Math.max(peak, bytes);
        if (peak > memory) end({ kind: 'memory', message: `the process had ${Math.round(peak / 2 ** 20)} MiB` });
        return peak > memory;
      };
      const watch = setInterval(() => void memoryOf(child.pid!).then(heavy), 50);
      const heard = (answer: Answer) => {
        if (answer.kind === 'reading') {
          started = performance.now();
          unread = false;
          clearTimeout(deadline);
          deadline = setTimeout(late, time);
        } else if (answer.kind === 'not made')
          end({ kind: 'no code', message: `the input could not be made: ${answer.message}` });
        else if (answer.kind === 'done' && !heavy(answer.peak)) end(answer.outcome);
      };
      const died = (code: number | null, signal: string | null) => end(endOf(code, signal, this.#said));
      child.on('message', heard);
      child.on('exit', died);
      // A failure to send is told by 'error' and 'exit'.
      child.send(ask, () => {});
    });
  }
}

function endOf(code: number | null, signal: string | null, said: string): Outcome {
  return { kind: 'crash', message: `the process ended with ${signal ?? code}: ${said}` };
}

/** What a process holds in memory, in bytes; 0 where the system does not say. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}
