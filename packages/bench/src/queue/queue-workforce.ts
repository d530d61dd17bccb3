import type { FolderStore } from '../records/folder-store.ts';
import { openS3Store } from '../records/open-s3-store.ts';
import type { Workforce } from '../run/execute.ts';
import { QueueHand } from './queue-hand.ts';
import { redisAddress } from './redis-address.ts';
import { connectRedis } from './redis-connection.ts';
import { redisQueue } from './redis-queue.ts';
import { keepSubmitted, submit, withdraw, type Submission } from './submission.ts';

/** Units that are in the queue at once: enough for as many workers, few enough to stop soon. */
const AT_ONCE = 64;

export interface QueueWorkforceOptions {
  /** Address of the queue. */
  readonly queue: string;
  readonly submission: Submission;
  /** The benchmark's own. */
  readonly store: FolderStore;
  /** Where workers publish, `s3://bucket/prefix`; in the benchmark's own where absent. */
  readonly published?: string;
  /** Told what whoever runs the benchmark should know. */
  readonly tell: (message: string) => void;
}

/**
 * Workers of other machines, at a queue.
 * @throws HeadstartError `queue-unreachable`; `run-in-use` where another benchmark of that name is at the queue
 */
export async function atQueue(options: QueueWorkforceOptions): Promise<Workforce> {
  const { submission, store, tell } = options;
  const from = options.published === undefined ? undefined : await openS3Store(options.published);
  const address = redisAddress(options.queue);
  const redis = await connectRedis(address, tell);
  try {
    await submit(redis, submission);
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  const gather = (id: string) => (from ? from.copy(id, store) : store.read(id));
  const queue = await redisQueue(redis, submission);
  const closing = new AbortController();
  let told = false;
  const kept = keepSubmitted(redis, submission, closing.signal, async () => {
    const workers = await queue.workers();
    if (workers === 0 && !told)
      tell('No worker is at the queue: start them with headstart worker and the same --queue.');
    told = workers === 0;
  }).catch(() => {}); // the connection was closed over it
  return {
    hire: () => new QueueHand({ queue, store, gather, place: from?.shown ?? store.dir }),
    size: () => AT_ONCE,
    async close() {
      closing.abort();
      await withdraw(redis, submission);
      await queue.close();
      redis.disconnect();
      await kept;
    },
  };
}
