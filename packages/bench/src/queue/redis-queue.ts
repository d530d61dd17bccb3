import type { Redis } from 'ioredis';
import { PREFIX, type Submission } from './submission.ts';
import type { UnitJob } from './unit-job.ts';
import type { JobState, UnitQueue } from './unit-queue.ts';

/** The queue of a benchmark's units in BullMQ; each benchmark has its own, so that no worker of another takes from it. */
export function queueName({ digest }: Submission): string {
  return `bench-${digest.slice(0, 32)}`;
}

/** A queue of units, and how many are at it. */
export interface RedisQueue extends UnitQueue {
  workers(): Promise<number>;
}

/** Opens the queue of a benchmark. The connection stays the caller's. */
export async function redisQueue(redis: Redis, submission: Submission): Promise<RedisQueue> {
  const { Queue } = await import('bullmq');
  const queue = new Queue<UnitJob>(queueName(submission), { connection: redis, prefix: PREFIX });
  queue.on('error', () => {}); // the connection tells
  return {
    async stateOf(id): Promise<JobState> {
      const state = await queue.getJobState(id);
      if (state === 'unknown') return 'absent';
      if (state === 'completed') return 'done';
      return state === 'failed' ? 'given-up' : 'queued';
    },
    async add(id, job) {
      await queue.add('unit', job, { jobId: id, attempts: 1 });
    },
    async remove(id) {
      return redis.status === 'ready' && (await queue.remove(id)) === 1;
    },
    workers: () => queue.getWorkersCount(),
    async close() {
      if (redis.status === 'ready') await queue.close();
    },
  };
}
