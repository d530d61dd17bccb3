import { HeadstartError, type ErrorCode } from '@headstart/artifacts/errors';
import type { TrialEnd, TrialSession } from '@headstart/core/trials';
import type { PlannedCell, PlannedTrial } from '../plan/bench-plan.ts';
import type { RecordStore } from '../records/record-store.ts';
import { reportOf } from './cell-report.ts';
import { doneRecord, failedRecord, type DoneTrial, type MadeRecord } from './make-record.ts';
import { claimOf, type Unit } from './unit.ts';
import type { CellReport, Claims, Hand, UnitReport } from './work.ts';

/** What works in this process. */
export interface SessionHandOptions {
  readonly session: TrialSession;
  readonly store: Pick<RecordStore, 'read' | 'publish'>;
  readonly claims: Claims;
}

/** Failures that are no cell's own: the others would meet them as well. */
const ENDING: ReadonlySet<ErrorCode> = new Set(['storage-full', 'storage-denied']);

/** Does units in this process, by a session of trials. */
export class SessionHand implements Hand {
  constructor(private readonly options: SessionHandOptions) {}

  work({ trials, cellSeconds }: Unit, signal: AbortSignal): Promise<UnitReport> {
    const { claims } = this.options;
    const names = trials.map(claimOf);
    return claims.holding([...new Set(names)], async (held) => {
      const mine = trials.filter((_, i) => held.has(names[i]!));
      const pending = await this.#pending(mine);
      const cells = pending.length === 0 ? [] : await this.#run(pending, cellSeconds, signal);
      return { cells, taken: trials.filter((_, i) => !held.has(names[i]!)) };
    });
  }

  async close(): Promise<void> {
    await this.options.session.close();
  }

  /** Without the cells that another process has done since they were handed out. */
  async #pending(trials: readonly PlannedTrial[]): Promise<PlannedTrial[]> {
    const pending = await Promise.all(
      trials.map(async (trial) => {
        const done = await Promise.all(trial.cells.map(({ id }) => this.#isDone(id)));
        const tests = trial.request.tests.filter((_, i) => !done[i]);
        return { ...trial, cells: trial.cells.filter((_, i) => !done[i]), request: { ...trial.request, tests } };
      }),
    );
    return pending.filter(({ cells }) => cells.length > 0);
  }

  async #isDone(id: string): Promise<boolean> {
    try {
      return (await this.options.store.read(id))?.state === 'done';
    } catch (error) {
      if (HeadstartError.is(error) && error.code === 'record-invalid') return false;
      throw error;
    }
  }

  async #run(
    trials: readonly PlannedTrial[],
    cellSeconds: number | undefined,
    signal: AbortSignal,
  ): Promise<CellReport[]> {
    const begun = performance.now();
    const ends = await this.#ends(trials, cellSeconds, signal);
    const seconds = (performance.now() - begun) / 1000 / trials.flatMap(({ cells }) => cells).length;
    const stack = trials.map(({ cells }) => cells.map(({ id }) => id));
    return Promise.all(
      trials.flatMap(({ cells }, i) =>
        cells.map((cell, test) => this.#publish(madeRecord(cell, ends[i]!, { test, stack, seconds }))),
      ),
    );
  }

  /** @throws what ends the benchmark */
  async #ends(
    trials: readonly PlannedTrial[],
    cellSeconds: number | undefined,
    signal: AbortSignal,
  ): Promise<readonly TrialEnd[]> {
    const { session } = this.options;
    const limit = cellSeconds === undefined ? undefined : AbortSignal.timeout(1000 * cellSeconds * trials.length);
    const ending = limit ? AbortSignal.any([signal, limit]) : signal;
    const requests = trials.map(({ request }) => request);
    let ends: readonly TrialEnd[];
    try {
      ends =
        requests.length === 1
          ? [{ result: await session.run(requests[0]!, { signal: ending }) }]
          : await session.runTogether(requests, { signal: ending });
    } catch (thrown) {
      const error = asHeadstartError(thrown);
      ends = requests.map(() => ({ error }));
    }
    return ends.map((end) => {
      if ('result' in end) return end;
      if (signal.aborted || ENDING.has(end.error.code)) throw end.error;
      return end.error.code === 'interrupted' && limit?.aborted ? { error: tooLong(cellSeconds!) } : end;
    });
  }

  async #publish({ record, predictions }: MadeRecord): Promise<CellReport> {
    await this.options.store.publish(record, predictions);
    return reportOf(record);
  }
}

function madeRecord(
  cell: PlannedCell,
  end: TrialEnd,
  { seconds, ...place }: Omit<DoneTrial, 'result'> & { readonly seconds: number },
): MadeRecord {
  if ('error' in end) return failedRecord(cell, end.error, seconds);
  try {
    return doneRecord(cell, { result: end.result, ...place });
  } catch (error) {
    return failedRecord(cell, asHeadstartError(error), seconds);
  }
}

function asHeadstartError(error: unknown): HeadstartError {
  if (HeadstartError.is(error)) return error;
  return new HeadstartError({
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    hint: 'Tell the authors of the plugins that the cell uses, with the message above.',
    cause: error,
  });
}

function tooLong(seconds: number): HeadstartError {
  return new HeadstartError({
    code: 'interrupted',
    message: `The cell took longer than its budget of ${seconds} s.`,
    hint: 'Raise budget.cellSeconds, or make the cell smaller: fewer epochs, samples or shots.',
  });
}
