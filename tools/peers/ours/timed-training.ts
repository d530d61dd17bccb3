import { join } from 'node:path';
import type { Headstart } from '@headstart/core';
import type { Job, JobResult } from '../job.ts';

export type WorkResult = Omit<JobResult, 'peakBytes' | 'versions'>;

/** Largest step between checkpoints: the peers write none. */
export const NO_CHECKPOINT = 2 ** 31;

/**
 * Training by the trainer, from `headstart.train` down, with the strategy `peers` on the data set `peers`; a step lasts
 * from the step before it.
 *
 * @param rows filled by the encoder: the row of each training sample, in the order of the batches; what came before the
 * phase began, where features are computed first, is forgotten
 */
export async function timedTraining(
  job: Job,
  headstart: Headstart,
  source: string,
  rows: number[],
): Promise<WorkResult> {
  const ends: number[] = [];
  const losses: number[] = [];
  let first = 0;
  const step = ({ loss }: { loss: number }) => {
    first ||= Date.now();
    ends.push(performance.now());
    losses.push(loss);
  };
  await headstart.train(
    {
      target: 'peers',
      source,
      strategy: 'peers',
      batchSize: job.batch,
      epochs: 1,
      seed: 0,
      out: join(job.scratch, 'run'),
      checkpointEvery: NO_CHECKPOINT,
    },
    { events: { phaseStart: () => void rows.splice(0), step } },
  );
  const milliseconds = ends.slice(1).map((end, i) => end - ends[i]!);
  const order = Array.from({ length: ends.length }, (_, i) => rows.slice(i * job.batch, (i + 1) * job.batch));
  return {
    startMilliseconds: first - job.spawnedAt,
    stepMilliseconds: milliseconds.slice(job.warmup - 1),
    losses,
    order,
  };
}
