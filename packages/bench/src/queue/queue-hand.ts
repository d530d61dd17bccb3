import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { BenchRecord } from '../records/bench-record.ts';
import type { RecordStore } from '../records/record-store.ts';
import { publishFailed, reportOf } from '../run/cell-report.ts';
import type { Unit } from '../run/unit.ts';
import type { Hand, UnitReport } from '../run/work.ts';
import { unlessAborted } from './unless-aborted.ts';
import { jobId, jobOf } from './unit-job.ts';
import type { UnitQueue } from './unit-queue.ts';

/** How often a job is looked at, in milliseconds. */
const LOOK_AGAIN = 300;
/** How often a record is looked for that a worker has published: a folder of a network shows it a little later. */
const LOOKS = 100;

/** What a queue's units come back by. */
export interface QueueHandOptions {
  readonly queue: UnitQueue;
  /** The benchmark's own. */
  readonly store: RecordStore;
  /** Brings a record that a worker published into the benchmark's store; undefined where there is none. */
  readonly gather: (id: string) => Promise<BenchRecord | undefined>;
  /** Where workers are to publish, in words. */
  readonly place: string;
  /** Milliseconds between two looks at a job. */
  readonly every?: number;
}

/** Has units done by workers at a queue, and gathers their records. What the queue forgets is queued again. */
export class QueueHand implements Hand {
  constructor(private readonly options: QueueHandOptions) {}

  async work(unit: Unit, signal: AbortSignal, late?: AbortSignal): Promise<UnitReport | undefined> {
    const { queue, store } = this.options;
    const id = jobId(unit);
    const begun = performance.now();
    setMaxListeners(0, signal); // all hands at the queue wait by the same one
    try {
      return await unlessAborted(signal, async () => {
        // What another run left there says nothing of this one.
        if ((await queue.stateOf(id)) !== 'queued') await queue.remove(id);
        await queue.add(id, jobOf(unit));
        const state = await this.#ended(id, unit, signal, late);
        if (state === 'not-begun') return undefined;
        await queue.remove(id);
        const seconds = (performance.now() - begun) / 1000;
        return state === 'done'
          ? await this.#report(unit, signal)
          : await publishFailed(store, unit, givenUp(), seconds);
      });
    } catch (error) {
      if (signal.aborted) await queue.remove(id);
      throw error;
    }
  }

  /** Closing is the workforce's: the queue is all hands'. */
  async close(): Promise<void> {}

  async #ended(
    id: string,
    unit: Unit,
    signal: AbortSignal,
    late: AbortSignal | undefined,
  ): Promise<'done' | 'given-up' | 'not-begun'> {
    const { queue, every = LOOK_AGAIN } = this.options;
    for (;;) {
      const state = await queue.stateOf(id);
      if (state === 'done' || state === 'given-up') return state;
      if (state === 'absent') {
        const records = await this.#gathered(unit);
        if (records.every((record) => record?.state === 'done')) return 'done';
        if (late?.aborted) return 'not-begun';
        await queue.add(id, jobOf(unit));
      } else if (late?.aborted && (await queue.remove(id))) return 'not-begun';
      await sleep(every, undefined, { signal });
    }
  }

  async #report(unit: Unit, signal: AbortSignal): Promise<UnitReport> {
    const { every = LOOK_AGAIN, place } = this.options;
    for (let look = 1; ; look++) {
      const records = await this.#gathered(unit);
      const there = records.filter((record) => record !== undefined);
      if (there.length === records.length) return { cells: there.map(reportOf), taken: [] };
      if (look === LOOKS) throw notThere(place);
      await sleep(every, undefined, { signal });
    }
  }

  #gathered({ trials }: Unit): Promise<(BenchRecord | undefined)[]> {
    return Promise.all(trials.flatMap(({ cells }) => cells.map(({ id }) => this.options.gather(id))));
  }
}

function givenUp(): HeadstartError {
  return new HeadstartError({
    code: 'backend-failed',
    message: 'Every worker that began the cell ended over it, as one does that is out of memory.',
    hint: 'Give workers more memory, or the cell smaller batches; --resume tries it again.',
  });
}

function notThere(place: string): HeadstartError {
  return new HeadstartError({
    code: 'storage-failed',
    message: `A worker did a cell, and its record is not in ${place}.`,
    hint: 'Workers publish where the benchmark looks: give all the same --store, or each --out with its own path to the same shared folder.',
  });
}
