import type { UnitJob } from './unit-job.ts';

/** Where a job stands: nowhere, waiting or in work, done, or given up since the workers that began it ended. */
export type JobState = 'absent' | 'queued' | 'done' | 'given-up';

/** A queue of units, from where they are handed out: workers take jobs from it, and those of workers that ended go back into it. */
export interface UnitQueue {
  stateOf(id: string): Promise<JobState>;
  /** Queues a job; nothing happens where one of that id is there. */
  add(id: string, job: UnitJob): Promise<void>;
  /** Takes a job out, unless a worker is at it: whether it is out. */
  remove(id: string): Promise<boolean>;
  close(): Promise<void>;
}
