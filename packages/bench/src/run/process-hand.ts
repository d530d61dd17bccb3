import type { ChildProcess } from 'node:child_process';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { RecordStore } from '../records/record-store.ts';
import { publishFailed } from './cell-report.ts';
import type { Unit } from './unit.ts';
import type { FromWorker, Hand, ToWorker, UnitReport } from './work.ts';

/** Starts a worker process: one with a channel, in which `serveUnits` is called. */
export type StartWorker = () => ChildProcess;

/** How often a unit is begun whose process ends: one that was killed from outside does it the second time. */
const ATTEMPTS = 2;

/** Has units done by a process of its own; where that ends over a unit, a new one is started. */
export class ProcessHand implements Hand {
  #worker: ChildProcess | undefined;

  constructor(
    private readonly start: StartWorker,
    private readonly store: RecordStore,
  ) {}

  async work(unit: Unit, signal: AbortSignal): Promise<UnitReport> {
    const begun = performance.now();
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(unit, signal);
      if ('report' in outcome) return outcome.report;
      this.#worker = undefined;
      signal.throwIfAborted();
      if (attempt === ATTEMPTS)
        return publishFailed(this.store, unit, endedTwice(outcome.ended), (performance.now() - begun) / 1000);
    }
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    if (!worker?.connected) return;
    const exited = new Promise<void>((done) => worker.once('exit', () => done()));
    worker.disconnect();
    await exited;
  }

  /** @throws what the worker says ends the benchmark */
  async #attempt(unit: Unit, signal: AbortSignal): Promise<{ report: UnitReport } | { ended: string }> {
    const worker = (this.#worker ??= await ready(this.start()));
    return new Promise((resolve, reject) => {
      const stop = () => void worker.send({ stop: true } satisfies ToWorker);
      const settle = () => {
        worker.off('message', answered).off('exit', ended);
        signal.removeEventListener('abort', stop);
      };
      const answered = (message: FromWorker) => {
        settle();
        if ('done' in message) resolve({ report: message.done });
        else if ('failed' in message) reject(new HeadstartError(message.failed));
      };
      const ended = (code: number | null, by: NodeJS.Signals | null) => {
        settle();
        resolve({ ended: by ?? `exit code ${code}` });
      };
      worker.on('message', answered).on('exit', ended);
      signal.addEventListener('abort', stop);
      worker.send({ work: unit } satisfies ToWorker);
    });
  }
}

function endedTwice(how: string): HeadstartError {
  return new HeadstartError({
    code: 'backend-failed',
    message: `The process that ran the cell ended twice (${how}), as one does that is out of memory.`,
    hint: 'Run fewer workers side by side, or smaller batches; --resume tries the cell again.',
  });
}

/** A worker that can begin. @throws HeadstartError `backend-failed` where it ends before that, or what it says */
function ready(worker: ChildProcess): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message: FromWorker) => {
      if ('failed' in message) reject(new HeadstartError(message.failed));
      else resolve(worker);
    });
    worker.once('error', reject);
    worker.once('exit', (code) =>
      reject(
        new HeadstartError({
          code: 'backend-failed',
          message: `A worker process ended before it began (exit code ${code}).`,
          hint: 'What it printed says why; run without --workers to see it work in this process.',
        }),
      ),
    );
  });
}
