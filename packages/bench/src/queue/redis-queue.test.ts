import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BenchConfig } from '../config/bench-config.ts';
import { runBench } from '../run/run-bench.ts';
import { fakeBenchHeadstart, FakeTrials, type Script } from '../testing/fake-trials.test.support.ts';
import { redisProgram, RedisServer } from '../testing/redis-server.test.support.ts';
import { serveQueue } from './serve-queue.ts';

const program = await redisProgram();
const config = {
  name: 'Queued',
  sources: ['net'],
  domains: { train: ['a'], test: ['b', 'c'] },
  strategies: ['linear-probe', 'fine-tune'],
  seeds: 6,
} satisfies BenchConfig;

let root: string;
let redis: RedisServer;

function worker(script: Script = {}, given: BenchConfig = config) {
  const session = new FakeTrials(script);
  const told: string[] = [];
  const own = new AbortController();
  const done = serveQueue(fakeBenchHeadstart(session), given, {
    queue: redis.url,
    out: join(root, 'shared'),
    file: 'here.json',
    tell: (message) => void told.push(message),
    signal: own.signal,
  });
  return { session, told, done, stop: () => own.abort() };
}

const texts = (folder: string) =>
  Promise.all(['results.json', 'bench.json'].map((name) => readFile(join(root, folder, name), 'utf8')));

describe.skipIf(!program)('a queue in a Redis (left out where no redis-server is, and none can be fetched)', () => {
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'headstart-queue-'));
    redis = await RedisServer.start(program!);
  });
  afterEach(async () => {
    await redis.close();
    await rm(root, { recursive: true });
  });

  it('comes to the same bytes by workers as in one process, also where a worker gives its cell back and Redis forgets all', async () => {
    const slow = worker({ pause: 60_000 });
    const warnings: string[] = [];
    const running = runBench(fakeBenchHeadstart(new FakeTrials()), config, {
      out: join(root, 'shared'),
      queue: redis.url,
      events: { warning: (message) => void warnings.push(message) },
    });
    await expect.poll(() => slow.session.ran.length, { timeout: 20_000 }).toBe(1);
    slow.stop();
    await slow.done;
    await redis.stop();
    await redis.start();
    const both = [worker(), worker()];
    const outcome = await running;
    expect(outcome).toMatchObject({ planned: 24, done: 24, failed: 0 });
    expect(both.flatMap(({ session }) => session.ran)).toHaveLength(12);
    expect(warnings).toContain(`The queue at ${redis.url} is gone; waiting for it.`);
    expect(warnings).toContain(`The queue at ${redis.url} is back.`);
    both.forEach(({ stop }) => stop());
    await Promise.all(both.map(({ done }) => done));
    await runBench(fakeBenchHeadstart(new FakeTrials()), config, { out: join(root, 'whole') });
    expect(await texts('shared')).toEqual(await texts('whole'));
  });

  it('refuses a worker whose configuration is another one, and what is no Redis', async () => {
    const running = runBench(fakeBenchHeadstart(new FakeTrials({})), config, {
      out: join(root, 'shared'),
      queue: redis.url,
    });
    await expect(worker({}, { ...config, seeds: 7 }).done).rejects.toThrow(
      /The benchmark "Queued" at the queue is another one than here\.json here: its digest is [0-9a-f]{12}, this one's [0-9a-f]{12}/,
    );
    const one = worker();
    await running;
    one.stop();
    await one.done;
    const nowhere = { out: join(root, 'nowhere'), queue: 'redis://:secret@127.0.0.1:1' };
    const refused: unknown = await runBench(fakeBenchHeadstart(new FakeTrials()), config, nowhere).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({
      code: 'queue-unreachable',
      message: expect.stringContaining('redis://127.0.0.1:1') as string,
    });
    expect(JSON.stringify(refused)).not.toContain('secret');
  });
});
