import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Headstart } from '@headstart/core';
import type { BenchConfig } from '../config/bench-config.ts';
import { settleBench } from '../config/settle-bench.ts';
import { COORDINATES, coordinateKey } from '../matrix/cell.ts';
import { expand } from '../matrix/expand.ts';
import { FolderStore } from '../records/folder-store.ts';
import { openS3Store } from '../records/open-s3-store.ts';
import { SessionHand } from '../run/session-hand.ts';
import { noClaims, type CellReport } from '../run/work.ts';
import { redisAddress } from './redis-address.ts';
import { connectRedis } from './redis-connection.ts';
import { shortDigest, submissionOf, submittedDigest, type Submission } from './submission.ts';
import { takeJobs } from './take-jobs.ts';
import { unlessAborted } from './unless-aborted.ts';
import { unitOfJob } from './unit-job.ts';

/** How often a worker looks whether its benchmark is the one that is run, in milliseconds. */
const LOOK_AGAIN = 1000;

/** How a worker at a queue works. */
export interface QueueWorkerOptions {
  /** Address of the queue: `redis://host:port`, or `rediss://`. */
  readonly queue: string;
  /** Where records are published: the benchmark's folder, which all share, or `s3://bucket/prefix`. */
  readonly out: string;
  /** How messages name the configuration. */
  readonly file?: string;
  /** What relative paths in it start from; the working folder where absent. */
  readonly folder?: string;
  /** Told of each cell that was done. */
  readonly cell?: (report: CellReport) => void;
  /** Told what whoever runs the worker should know. */
  readonly tell?: (message: string) => void;
  /** Ends the worker at the next step; what it was at goes back into the queue. */
  readonly signal: AbortSignal;
}

/**
 * Does cells of a benchmark that another process runs (`runBench` with the same `queue`) until it is told to end.
 * @throws HeadstartError `queue-unreachable`; `resume-mismatch` where another benchmark of that name is run, or a cell would
 * come to something else on this machine; `storage-full` and the like, where records cannot be published: the cell goes back
 */
export async function serveQueue(
  headstart: Headstart,
  config: BenchConfig,
  options: QueueWorkerOptions,
): Promise<void> {
  const { file = 'the configuration', folder = process.cwd(), cell, tell = () => {}, signal } = options;
  const datasets = headstart.datasets().map(({ value }) => value.id);
  const settled = settleBench(config, { file, folder, datasets });
  const cells = new Map(expand(settled, file).map((each) => [coordinateKey(each.coordinates, COORDINATES), each]));
  const submission = submissionOf(settled.name, config);
  const store = options.out.startsWith('s3://')
    ? await openS3Store(options.out)
    : new FolderStore(resolve(options.out));
  const redis = await connectRedis(redisAddress(options.queue), tell);
  const session = headstart.trials();
  const hand = new SessionHand({ session, store, claims: noClaims });
  try {
    await untilSubmitted(redis, submission, file, { tell, signal });
    await takeJobs(redis, submission, {
      async work(job, stop) {
        const { cells: done } = await hand.work(await unitOfJob(job, cells, session), stop);
        done.forEach((report) => cell?.(report));
      },
      watch: () => refuseOther(redis, submission, file),
      tell,
      signal,
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    redis.disconnect();
    await hand.close();
  }
}

/** @throws HeadstartError `resume-mismatch` */
async function untilSubmitted(
  redis: Redis,
  submission: Submission,
  file: string,
  { tell, signal }: { tell: (message: string) => void; signal: AbortSignal },
): Promise<void> {
  const isRun = () => unlessAborted(signal, () => refuseOther(redis, submission, file));
  for (let look = 0; !(await isRun()); look++) {
    if (look === 0) tell(`Waiting for headstart bench to run "${submission.name}" at the queue.`);
    await sleep(LOOK_AGAIN, undefined, { signal });
  }
  tell(`At the queue of "${submission.name}".`);
}

/** Whether the benchmark is run now. @throws HeadstartError `resume-mismatch` where another one of its name is */
async function refuseOther(redis: Redis, submission: Submission, file: string): Promise<boolean> {
  const there = await submittedDigest(redis, submission);
  if (there === undefined || there === submission.digest) return there !== undefined;
  throw new HeadstartError({
    code: 'resume-mismatch',
    message: `The benchmark "${submission.name}" at the queue is another one than ${file} here: its digest is ${shortDigest(there)}, this one's ${shortDigest(submission.digest)}.`,
    hint: 'Give the worker the configuration that headstart bench was given, to the letter.',
  });
}
