import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { BenchConfig } from '../config/bench-config.ts';
import { canonicalJson } from '../records/canonical-json.ts';
import { sha256 } from '../records/record-digest.ts';
import { whatIsAsked } from '../run/make-bench-file.ts';

/** What all keys of Headstart's in a Redis begin with. */
export const PREFIX = 'headstart';

/** A benchmark at a queue: known by its name, and the same everywhere where its digest is. */
export interface Submission {
  readonly name: string;
  /** SHA-256, hex, of what the configuration asks for. */
  readonly digest: string;
}

/** How long a submission stands that nobody renews, in milliseconds, and how often it is renewed. */
const STANDS = 30_000;
const RENEWED = 2_000;

/** The same for each machine's copy of a configuration. */
export function submissionOf(name: string, config: BenchConfig): Submission {
  const asked: unknown = JSON.parse(JSON.stringify({ name, config: whatIsAsked(config) }));
  return { name, digest: sha256(canonicalJson(asked)) };
}

/** Digest of the benchmark of that name that is being run now; undefined where none is. */
export async function submittedDigest(redis: Redis, { name }: Submission): Promise<string | undefined> {
  return (await redis.get(keyOf(name))) ?? undefined;
}

/** Says that a benchmark is being run. @throws HeadstartError `run-in-use` where another one of its name is */
export async function submit(redis: Redis, submission: Submission): Promise<void> {
  const there = await submittedDigest(redis, submission);
  if (there !== undefined && there !== submission.digest)
    throw new HeadstartError({
      code: 'run-in-use',
      message: `Another benchmark with the name "${submission.name}" is at the queue (digest ${shortDigest(there)}, this one's is ${shortDigest(submission.digest)}).`,
      hint: 'Wait for it, end it, or give this one another name.',
    });
  await renew(redis, submission);
}

/** Keeps a submission standing until it is aborted. @param look at what else is to be looked at as often */
export async function keepSubmitted(
  redis: Redis,
  submission: Submission,
  signal: AbortSignal,
  look: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(RENEWED, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    await renew(redis, submission);
    await look();
  }
}

/** Takes a submission back. */
export async function withdraw(redis: Redis, { name }: Submission): Promise<void> {
  if (redis.status === 'ready') await redis.del(keyOf(name));
}

/** A digest as messages show it. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}

async function renew(redis: Redis, { name, digest }: Submission): Promise<void> {
  await redis.set(keyOf(name), digest, 'PX', STANDS);
}

function keyOf(name: string): string {
  return `${PREFIX}:submitted:${sha256(name).slice(0, 32)}`;
}
