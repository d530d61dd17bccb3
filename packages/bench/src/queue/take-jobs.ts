import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { queueName } from './redis-queue.ts';
import { PREFIX, type Submission } from './submission.ts';
import { unlessAborted } from './unless-aborted.ts';
import type { UnitJob } from './unit-job.ts';

/**
 * A worker renews its hold on a job at half of this, in milliseconds, as long as the job takes. One that is killed loses it, and
 * the job is back in the queue at the next look after that: within 30 s.
 */
const HELD = 20_000;
const LOOKED_AT = 8_000;
/** How often a job is begun again whose workers ended, before it is given up. */
const BEGUN_AGAIN = 2;
const WATCHED = 2_000;
/** Seconds after which what nobody asked for again is forgotten. */
const KEPT = 86_400;

export interface TakeJobsOptions {
  /** Does a job. What it throws ends the worker, and the job goes back. */
  readonly work: (job: UnitJob, stop: AbortSignal) => Promise<void>;
  /** Looked at every few seconds; what it throws ends the worker after the job that it is at. */
  readonly watch: () => Promise<unknown>;
  readonly tell: (message: string) => void;
  readonly signal: AbortSignal;
}

/** Takes jobs, one at a time, until the signal. @throws what ends the worker */
export async function takeJobs(
  redis: Redis,
  submission: Submission,
  { work, watch, tell, signal }: TakeJobsOptions,
): Promise<void> {
  const { Worker, WaitingError } = await import('bullmq');
  const ended = new AbortController();
  const end = (error: unknown) => ended.abort(error);
  const stop = AbortSignal.any([signal, ended.signal]);
  const worker = new Worker<UnitJob>(
    queueName(submission),
    async (job, token) => {
      try {
        await work(job.data, signal);
      } catch (error) {
        end(error);
        void worker.close(); // takes nothing more
        await job.moveToWait(token);
        throw new WaitingError();
      }
    },
    {
      connection: redis,
      prefix: PREFIX,
      concurrency: 1,
      lockDuration: HELD,
      stalledInterval: LOOKED_AT,
      maxStalledCount: BEGUN_AGAIN,
      removeOnComplete: { age: KEPT },
      removeOnFail: { age: KEPT },
    },
  );
  worker.on('error', () => {}); // the connection tells
  worker.on('stalled', () => tell('A worker ended over its cell, which went back into the queue.'));
  while (!stop.aborted) {
    await sleep(WATCHED, undefined, { signal: stop }).catch(() => {});
    if (!stop.aborted) await unlessAborted(stop, watch).catch(end);
  }
  await worker.close(redis.status !== 'ready');
  if (!signal.aborted) throw ended.signal.reason;
}
