import type { Redis } from 'ioredis';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { RedisAddress } from './redis-address.ts';

/** How often a Redis that is gone is looked for, in milliseconds. */
const LOOK_AGAIN = 1000;
const CONNECT_WITHIN = 10_000;

/**
 * Connects to a Redis. Where it goes away later, what is asked of it waits until it is back.
 * @param tell that it is gone, and that it is back
 * @throws HeadstartError `queue-unreachable` where it cannot be reached now
 */
export async function connectRedis({ url, shown }: RedisAddress, tell: (message: string) => void): Promise<Redis> {
  const { Redis } = await import('ioredis');
  let reached = false;
  let problem: Error | undefined;
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_WITHIN,
    maxRetriesPerRequest: null,
    retryStrategy: () => (reached ? LOOK_AGAIN : null),
  });
  redis.on('error', (error: Error) => (problem = error));
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    redis.disconnect();
    throw unreachable(shown, problem ?? (error as Error));
  }
  reached = true;
  let there = true;
  redis.on('close', () => {
    if (there && redis.status !== 'end') tell(`The queue at ${shown} is gone; waiting for it.`);
    there = false;
  });
  redis.on('ready', () => {
    if (!there) tell(`The queue at ${shown} is back.`);
    there = true;
  });
  return redis;
}

function unreachable(shown: string, cause: Error): HeadstartError {
  const refused = /NOAUTH|WRONGPASS|NOPERM/.test(cause.message);
  return new HeadstartError({
    code: 'queue-unreachable',
    message: `The queue at ${shown} ${refused ? 'refuses the user or the password' : 'cannot be reached'}: ${cause.message || (cause as NodeJS.ErrnoException).code}.`,
    hint: refused
      ? 'Give them in the address: redis://user:password@host:port, or redis://:password@host:port.'
      : 'Check host and port, and that Redis runs there and lets this machine in.',
    cause,
  });
}
