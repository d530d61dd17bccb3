import { beforeEach, expect, it } from 'vitest';
import type { BenchRecord } from '../records/bench-record.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { Unit } from '../run/unit.ts';
import { smallRecord } from '../testing/small-record.test.support.ts';
import { QueueHand } from './queue-hand.ts';
import { jobId } from './unit-job.ts';
import type { JobState, UnitQueue } from './unit-queue.ts';

const { record } = smallRecord();
const { id, coordinates, identity, task } = record;
const { test: _, ...transfer } = coordinates;
const unit: Unit = {
  kind: 'one',
  trials: [
    {
      coordinates: transfer,
      cells: [{ id, coordinates, identity, task }],
      request: { transfer: { target: 'a' }, tests: [{ target: 'b' }] },
    },
  ],
};

/** A queue whose job comes to these states, one after another; the last one stays. */
class ScriptedQueue implements UnitQueue {
  readonly calls: string[] = [];
  constructor(
    private readonly states: JobState[],
    /** Whether a worker is at the job. */
    private readonly begun: boolean,
  ) {}

  stateOf(): Promise<JobState> {
    return Promise.resolve(this.states.length > 1 ? this.states.shift()! : this.states[0]!);
  }
  add(job: string): Promise<void> {
    this.calls.push(`add ${job === jobId(unit)}`);
    return Promise.resolve();
  }
  remove(job: string): Promise<boolean> {
    this.calls.push(`remove ${job === jobId(unit)}`);
    return Promise.resolve(!this.begun);
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

let published: BenchRecord[];
beforeEach(() => {
  published = [];
});

interface Given {
  readonly signal?: AbortSignal;
  readonly late?: AbortSignal;
  readonly begun?: boolean;
}

function work(
  states: JobState[],
  there: () => BenchRecord | undefined,
  { signal = new AbortController().signal, late, begun = false }: Given = {},
) {
  const queue = new ScriptedQueue(states, begun);
  const store: Partial<RecordStore> = {
    publish: (each) => Promise.resolve(published.push(each) > 0),
  };
  const gather = () => Promise.resolve(there());
  const hand = new QueueHand({ queue, store: store as RecordStore, gather, place: '/shared', every: 1 });
  return { queue, report: hand.work(unit, signal, late) };
}

it('queues a unit after what another run left of it, and gives what its records say', async () => {
  const { queue, report } = work(['done', 'queued', 'done'], () => record);
  expect(await report).toEqual({
    cells: [{ id, coordinates, state: 'done', seconds: 1, memory: 1000, features: { computed: 2, reused: 0 } }],
    taken: [],
  });
  expect(queue.calls).toEqual(['remove true', 'add true', 'remove true']);
});

it('queues again what the queue forgot, unless its records are there', async () => {
  let there: BenchRecord | undefined;
  const again = work(['queued', 'absent', 'queued', 'done'], () => there);
  setTimeout(() => (there = record), 10);
  await again.report;
  expect(again.queue.calls).toEqual(['add true', 'add true', 'remove true']);
  const once = work(['queued', 'queued', 'absent'], () => record);
  expect((await once.report)!.cells).toHaveLength(1);
  expect(once.queue.calls).toEqual(['add true', 'remove true']);
});

it('records cells as failed that no worker survived', async () => {
  const { report } = work(['queued', 'given-up'], () => undefined);
  expect((await report)!.cells).toMatchObject([{ id, state: 'failed', error: { code: 'backend-failed' } }]);
  expect(published).toMatchObject([{ id, state: 'failed' }]);
});

it('says that a worker publishes elsewhere', async () => {
  const { report } = work(['queued', 'done'], () => undefined);
  await expect(report).rejects.toMatchObject({
    code: 'storage-failed',
    message: 'A worker did a cell, and its record is not in /shared.',
  });
});

it('takes its job back when it is interrupted', async () => {
  const ended = new AbortController();
  const { queue, report } = work(['queued'], () => undefined, { signal: ended.signal });
  setTimeout(() => ended.abort(new Error('enough')), 5);
  await expect(report).rejects.toThrow('enough');
  expect(queue.calls).toEqual(['add true', 'remove true']);
});

it('takes its job back when it is late, and waits for one that a worker has begun', async () => {
  const late = AbortSignal.abort();
  const waiting = work(['queued'], () => undefined, { late });
  expect(await waiting.report).toBeUndefined();
  expect(waiting.queue.calls).toEqual(['add true', 'remove true']);
  const begun = work(['queued', 'queued', 'queued', 'done'], () => record, { late, begun: true });
  expect((await begun.report)!.cells).toHaveLength(1);
  const forgotten = work(['queued', 'absent'], () => undefined, { late });
  expect(await forgotten.report).toBeUndefined();
});
