/**
 * Benchmarks by four workers at a real Redis: in one, two workers are killed with kill -9 over their cells; in another, Redis
 * is stopped and comes back without anything it knew. Every cell is done once, and the results are those of one process to
 * the byte; so they are where workers publish to a store that speaks S3 (Moto's server) in place of a shared folder. Cells are fake trials that take a moment each: what is measured is the queue.
 *
 *   npm run measure -- bench-queue [seeds=40] [milliseconds of a cell=400]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
// The server that the package's own tests start.
/* eslint-disable no-restricted-imports, @nx/enforce-module-boundaries */
import { redisProgram, RedisServer } from '../../packages/bench/src/testing/redis-server.test.support.ts';
/* eslint-enable no-restricted-imports, @nx/enforce-module-boundaries */
import { workspaceRoot } from '../workspace/root.mjs';
import { startS3Server } from './s3/s3-server.ts';
import { sourceArguments, sourceEnvironment } from '../workspace/source-mode.mjs';

const [seeds = 40, pause = 400] = process.argv.slice(2).map(Number);
const config = {
  name: 'Queued',
  sources: ['net'],
  domains: { train: ['a'], test: ['b', 'c'] },
  strategies: ['linear-probe', 'fine-tune'],
  seeds,
};
const program = join(workspaceRoot, 'packages/bench/src/queue/queue.test.child.ts');
const begun = performance.now();
const at = () => ((performance.now() - begun) / 1000).toFixed(1).padStart(6);

/** A process of the benchmark; `done` are the ids of the cells that it has done. */
function start(role: string, out: string, milliseconds: number, ...places: string[]) {
  const args = [role, out, JSON.stringify(config), String(milliseconds), ...places];
  const child = spawn(process.execPath, [...sourceArguments, program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: sourceEnvironment(),
  });
  const done: string[] = [];
  createInterface(child.stdout).on('line', (id) => done.push(id));
  createInterface(child.stderr).on('line', (line) => console.log(`${at()} s  ${line}`));
  return { role, child, done, ended: once(child, 'exit') };
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await sleep(20);
}

const root = await mkdtemp(join(tmpdir(), 'headstart-bench-queue-'));
const redisServer = await redisProgram();
if (redisServer === undefined) throw new Error('There is no redis-server in the path, and none could be fetched.');
const redis = await RedisServer.start(redisServer);
const all = 4 * seeds;

type Worker = ReturnType<typeof start>;

/** Runs the benchmark by four workers, disturbs it once all have done a cell, and compares what it comes to. */
async function round(
  name: string,
  disturb: (workers: readonly Worker[]) => Promise<void>,
  ...store: string[]
): Promise<void> {
  const out = join(root, name);
  const bench = start('bench', out, 0, redis.url, ...store);
  const workers = [1, 2, 3, 4].map((n) => start(`worker ${n}`, out, pause, redis.url, ...store));
  await until(() => workers.every(({ done }) => done.length > 0) && bench.done.length >= all / 4);
  console.log(`${at()} s  ${name}: ${bench.done.length} of ${all} cells done`);
  await disturb(workers);
  const disturbed = performance.now();
  const [code] = (await bench.ended) as [number | null];
  const seconds = ((performance.now() - disturbed) / 1000).toFixed(1);
  for (const { child } of workers) child.kill('SIGTERM');
  await Promise.all(workers.map(({ ended }) => ended));

  const ids = workers.flatMap(({ done }) => done);
  const files = ['results.json', 'bench.json'].map(async (file) =>
    (await readFile(join(whole, file))).equals(await readFile(join(out, file))),
  );
  const same = (await Promise.all(files)).every(Boolean);
  const different = new Set(ids).size;
  console.log(
    `${at()} s  ${name}: exit code ${code}, ${seconds} s after that; ${ids.length} cells done by workers, ${different} of them different, of ${all}; ` +
      `results.json and bench.json ${same ? 'equal to' : 'NOT'} those of one process`,
  );
  if (code !== 0 || !same || ids.length !== all || different !== all) process.exitCode = 1;
}

const whole = join(root, 'whole');
try {
  await start('alone', whole, 0).ended;
  await round('workers killed', ([first, second]) => {
    for (const { child } of [first!, second!]) child.kill('SIGKILL');
    return Promise.resolve();
  });
  await round('Redis gone', async () => {
    await redis.stop();
    await sleep(3000);
    await redis.start();
  });
  const s3 = await startS3Server('records');
  const credentials = { AWS_ACCESS_KEY_ID: 'me', AWS_SECRET_ACCESS_KEY: 'secret' };
  Object.assign(process.env, { AWS_ENDPOINT_URL: s3.endpoint, ...credentials });
  await round('records by S3', () => Promise.resolve(), 's3://records/a benchmark').finally(() => s3.stop());
} finally {
  await redis.close();
  await rm(root, { recursive: true, force: true });
}
