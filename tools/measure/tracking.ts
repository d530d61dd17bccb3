/**
 * Runs that are tracked, read back by those whose formats they are in: TensorBoard's own reader, and a real MLflow server
 * (on loopback, its database in a temporary folder). A run of two phases, one that is interrupted and resumed, one that
 * fails, and a trial; every number, parameter and end is compared. Installs both into the cache folder by pip, once.
 *
 *   npm run measure -- tracking
 */
import { deepStrictEqual } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHeadstart, definePlugin, type Headstart } from '@headstart/core';
import { plainBackend, pointPlugin } from '@headstart/core/testing';
import tracking from '@headstart/tracking';
import { pythonEnvironment } from '../workspace/python-environment.ts';
import { MlflowServer } from './tracking/mlflow-server.ts';
import { ToldRuns } from './tracking/told-runs.ts';

const here = join(import.meta.dirname, 'tracking');
const EXPERIMENT = 'headstart-measure';

interface ReadRun {
  readonly scalars: Readonly<Record<string, readonly [step: number, value: number][]>>;
  readonly hparams: Readonly<Record<string, unknown>>;
  readonly status?: number;
}

/** The ends of the four runs: TensorBoard's number, MLflow's word. */
const ENDS = {
  whole: [1, 'FINISHED'],
  resumed: [1, 'FINISHED'],
  failed: [2, 'FAILED'],
  trial: [1, 'FINISHED'],
} as const;

const started = performance.now();
const python = await pythonEnvironment(
  {
    name: 'tracking',
    requirements: join(here, 'requirements.txt'),
    announce: 'Making a Python environment with TensorBoard and MLflow, about 900 MB. This happens once.',
    check: 'import tensorboard, mlflow',
  },
  console.log,
);
console.log(`Python environment: ${since(started)} s`);
const folder = await mkdtemp(join(tmpdir(), 'headstart-tracking-'));
const server = await MlflowServer.start(python, folder);
try {
  const told = new ToldRuns();
  const ids = await runAll(told, join(folder, 'logs'), server.url);
  compareTensorBoard(told, ids);
  await compareMlflow(told, ids);
} finally {
  server.stop();
  await rm(folder, { recursive: true });
}

/** Runs all, and gives their ids in the order of `ENDS`. */
async function runAll(told: ToldRuns, logdir: string, url: string): Promise<string[]> {
  const listener = definePlugin({
    name: 'listener',
    version: '1.0.0',
    headstart: '*',
    setup: ({ events }) => events.add(told.subscribe),
  });
  const headstart = await createHeadstart({
    backend: await plainBackend(),
    plugins: [
      pointPlugin(),
      tracking({ tensorboard: { logdir }, mlflow: { url, experiment: EXPERIMENT } }),
      listener(),
    ],
    cacheRoot: join(folder, 'cache'),
  });
  const request = (name: string) => ({
    target: 'points',
    strategy: 'lp-ft',
    batchSize: 8,
    seed: 3,
    out: join(folder, name),
  });
  const begun = performance.now();
  await headstart.train(request('whole'));
  await resumed(headstart, request('resumed'));
  const unlucky = () => {
    throw new Error('out of luck');
  };
  await headstart.train(request('failed'), { events: { epochEnd: unlucky } }).catch(() => {});
  const session = headstart.trials();
  const transfer = { target: 'points', strategy: 'linear-probe', shots: 4 };
  await session.run({ transfer, tests: [{ target: 'points' }] });
  await session.close();
  await headstart.close();
  console.log(`Four runs, tracked by both: ${since(begun)} s`);
  return [...told.runs.keys()];
}

/** Interrupted in the middle of an epoch of its second phase. */
async function resumed(headstart: Headstart, request: { target: string; out: string }): Promise<void> {
  const stop = new AbortController();
  let phase = 0;
  const events = {
    phaseStart: ({ index }: { index: number }) => void (phase = index),
    step: ({ step }: { step: number }) => void (phase === 1 && step === 3 && stop.abort()),
  };
  await headstart.train(request, { events, signal: stop.signal }).catch(() => {});
  await headstart.resume(request.out);
}

function compareTensorBoard(told: ToldRuns, ids: readonly string[]): void {
  const text = execFileSync(python, [join(here, 'read_events.py'), join(folder, 'logs')], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const read = JSON.parse(text) as Record<string, ReadRun>;
  deepStrictEqual(Object.keys(read).sort(), [...ids].sort());
  let values = 0;
  for (const [i, [name, [status]]] of Object.entries(ENDS).entries()) {
    const { scalars, hparams, status: found } = read[ids[i]!]!;
    const { points, request } = told.runs.get(ids[i]!)!;
    // TensorFlow's scalars are of 32 bits.
    const expected = [...points].map(([tag, of]) => [tag, of.map(([step, value]) => [step, Math.fround(value)])]);
    deepStrictEqual(scalars, Object.fromEntries(expected), name);
    deepStrictEqual([found, hparams['strategy'], hparams['epochs']], [status, request.strategy, request.epochs], name);
    values += [...points.values()].flat().length;
  }
  console.log(`TensorBoard's reader: ${ids.length} runs, ${values} values equal (32 bits), parameters and ends equal`);
}

async function compareMlflow(told: ToldRuns, ids: readonly string[]): Promise<void> {
  const runs = await server.runs(EXPERIMENT);
  deepStrictEqual([...runs.keys()].sort(), [...ids].sort());
  let values = 0;
  for (const [i, [name, [, status]]] of Object.entries(ENDS).entries()) {
    const { info, data } = runs.get(ids[i]!)!;
    const { points, request } = told.runs.get(ids[i]!)!;
    for (const [metric, expected] of points)
      deepStrictEqual(await server.history(info.run_id, metric), expected, `${name}: ${metric}`);
    deepStrictEqual(data.metrics!.map(({ key }) => key).sort(), [...points.keys()].sort(), name);
    const parameters = new Map(data.params!.map(({ key, value }) => [key, value]));
    const found = [info.status, parameters.get('strategy'), parameters.get('epochs')];
    deepStrictEqual(found, [status, request.strategy, String(request.epochs)], name);
    values += [...points.values()].flat().length;
  }
  const trial = runs.get(ids.at(-1)!)!.data.tags!.find(({ key }) => key === 'headstart.test');
  deepStrictEqual(trial?.value, 'points');
  console.log(`MLflow's server: ${ids.length} runs, ${values} values equal (64 bits), parameters, tags and ends equal`);
}

function since(begin: number): string {
  return ((performance.now() - begin) / 1000).toFixed(1);
}
