import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunContext, RunSubscriber } from '@headstart/core';
import { HeadstartError } from '@headstart/core';
import { FakeMlflow, type Asked } from '../testing/mlflow-fake.test.kit.ts';
import { trackMlflow } from './track-mlflow.ts';

/** Pauses short enough that no test waits for them; an answer is waited for long enough on any machine. */
const PATIENCE = { answer: 30_000, firstPause: 1, longestPause: 4 };

let server: FakeMlflow;
beforeEach(async () => {
  server = new FakeMlflow();
  await server.start();
});
afterEach(() => server.stop());

interface Told {
  readonly subscriber: RunSubscriber;
  readonly warnings: string[];
}

function subscribe(
  factory = trackMlflow({ url: server.url, experiment: 'birds', token: 'secret' }, PATIENCE),
  run: Partial<RunContext['run']> = {},
): Told {
  const warnings: string[] = [];
  const request = { target: 'points', source: 'point-net', strategy: 'linear-probe', seed: 5, out: 'runs/a' };
  const subscriber = factory({
    run: { runId: 'run-1', directory: 'runs/a', request, ...run },
    resolve: () => {
      throw new Error('no services here');
    },
    warn: async (message) => void warnings.push(message),
  });
  return { subscriber, warnings };
}

const started = { runId: 'run-1', directory: 'runs/a', samples: { train: 6 }, labels: ['a', 'b'], resumed: false };
const begin = (subscriber: RunSubscriber, resumed = false) => subscriber.runStart!({ ...started, resumed });
const epochEnd = (subscriber: RunSubscriber, epoch: number) =>
  subscriber.epochEnd!({ phase: 'p', epoch, epochs: 9, loss: 0.5, learningRate: 0.1, seconds: 1 }, []);
async function train(subscriber: RunSubscriber, steps: number, epoch = 1): Promise<void> {
  for (let step = 1; step <= steps; step++)
    await subscriber.step!({ phase: 'p', epoch, step, stepsPerEpoch: steps, loss: 1 / step, learningRate: 0.1 });
  await epochEnd(subscriber, epoch);
}
const end = (subscriber: RunSubscriber) => subscriber.runEnd!({ metrics: { test: { accuracy: 0.75 } }, model: 'm' });

const metricsSent = () =>
  server
    .bodies('runs/log-batch')
    .flatMap(({ metrics }) => (metrics ?? []) as { key: string; step: number; value: unknown }[]);
const steps = (key: string) => metricsSent().flatMap((metric) => (metric.key === key ? [metric.step] : []));
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const answer = (status: number, error_code: string, message = 'because') => ({ status, body: { error_code, message } });

describe('a run on a server that answers', () => {
  it('is made in its experiment with what determines it, and ends with its numbers', async () => {
    const { subscriber, warnings } = subscribe();
    await begin(subscriber);
    await train(subscriber, 3);
    await end(subscriber);
    expect(server.asked.map(({ path }) => path)).toEqual([
      'experiments/get-by-name',
      'experiments/create',
      'runs/create',
      'runs/log-batch',
      'runs/log-batch',
      'runs/log-batch',
      'runs/update',
    ]);
    expect(server.asked.every(({ authorization }) => authorization === 'Bearer secret')).toBe(true);
    expect(server.bodies('runs/create')[0]).toMatchObject({
      experiment_id: '4',
      run_name: 'run-1',
      tags: expect.arrayContaining([
        { key: 'headstart.run_id', value: 'run-1' },
        { key: 'headstart.strategy', value: 'linear-probe' },
        { key: 'headstart.seed', value: '5' },
      ]) as object,
    });
    expect(server.bodies('runs/log-batch')[0]).toEqual({
      run_id: 'r0',
      params: [
        { key: 'target', value: 'points' },
        { key: 'source', value: 'point-net' },
        { key: 'strategy', value: 'linear-probe' },
        { key: 'seed', value: '5' },
        { key: 'samples.train', value: '6' },
        { key: 'classes', value: '2' },
      ],
    });
    expect(steps('train/loss')).toEqual([1, 2, 3]);
    expect(metricsSent().at(-1)).toMatchObject({ key: 'test/accuracy', value: 0.75, step: 3 });
    expect(server.bodies('runs/update')).toEqual([
      { run_id: 'r0', status: 'FINISHED', end_time: expect.any(Number) as number },
    ]);
    expect(warnings).toEqual([]);
  });

  it('sends at most 1,000 metrics at once, and begins before the epoch ends', async () => {
    const { subscriber } = subscribe();
    await begin(subscriber);
    await train(subscriber, 1300);
    const sizes = server
      .bodies('runs/log-batch')
      .flatMap(({ metrics }) => (metrics ? [(metrics as object[]).length] : []));
    expect(Math.max(...sizes)).toBe(1000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2602);
    expect(steps('train/loss')).toEqual(upTo(1300));
  });

  it('sends parameters a hundred at a time, and numbers that JSON has no word for', async () => {
    const readerOptions = Object.fromEntries(upTo(150).map((i) => [`o${i}`, 'x'.repeat(600)]));
    const { subscriber } = subscribe(undefined, { request: { target: 'points', readerOptions } });
    await begin(subscriber);
    const sent = server.bodies('runs/log-batch').map(({ params }) => params as { value: string }[]);
    expect(sent.map(({ length }) => length)).toEqual([100, 53]);
    expect(sent[0]![1]!.value).toBe(`${'x'.repeat(499)}…`);
    await subscriber.epochEnd!({ phase: 'p', epoch: 1, epochs: 1, loss: NaN, learningRate: 0, seconds: 1 }, []);
    expect(metricsSent()[0]).toMatchObject({ key: 'train/epoch_loss', value: 'NaN' });
  });

  it('ends as failed or killed, with what was said', async () => {
    for (const [error, status] of [
      [new Error('out of luck'), 'FAILED'],
      [new HeadstartError({ code: 'interrupted', message: 'Interrupted.', hint: 'Go on.' }), 'KILLED'],
    ] as const) {
      const { subscriber } = subscribe();
      await begin(subscriber);
      await subscriber.runError!(error);
      expect(server.bodies('runs/set-tag').at(-1)).toEqual({
        run_id: expect.any(String) as string,
        key: 'headstart.error',
        value: error.message,
      });
      expect(server.bodies('runs/update').at(-1)).toMatchObject({ status });
    }
  });

  it('goes on as the same run when it is resumed', async () => {
    const first = subscribe();
    await begin(first.subscriber);
    await first.subscriber.runError!(new HeadstartError({ code: 'interrupted', message: 'Interrupted.', hint: '' }));
    const second = subscribe();
    await begin(second.subscriber, true);
    await end(second.subscriber);
    expect(server.bodies('runs/create')).toHaveLength(1);
    expect(server.bodies('runs/update').map(({ run_id, status }) => [run_id, status])).toEqual([
      ['r0', 'KILLED'],
      ['r0', 'RUNNING'],
      ['r0', 'FINISHED'],
    ]);
  });

  it('asks for the experiment once for all runs', async () => {
    const factory = trackMlflow({ url: server.url }, PATIENCE);
    for (let i = 0; i < 3; i++) await begin(subscribe(factory).subscriber);
    expect(server.bodies('experiments/create')).toEqual([{ name: 'headstart' }]);
    expect(server.bodies('runs/create')).toHaveLength(3);
  });

  it('is told nothing of a run that is refused before it starts', async () => {
    const { subscriber } = subscribe();
    await subscriber.runError!(new Error('no such data'));
    expect(server.asked).toEqual([]);
  });
});

describe('a server that is gone', () => {
  it('and comes back is told everything, once', async () => {
    const { subscriber, warnings } = subscribe();
    await begin(subscriber);
    await train(subscriber, 2, 1);
    await server.stop();
    await train(subscriber, 2, 2);
    await train(subscriber, 2, 3);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^MLflow at http:[^ ]+ cannot be reached \(.+\): the run goes on, and what it is to be told waits\.$/,
      ) as string,
    ]);
    await server.start();
    await end(subscriber);
    expect(steps('train/loss')).toEqual(upTo(6));
    expect(server.bodies('runs/update').at(-1)).toMatchObject({ status: 'FINISHED' });
    expect(warnings).toHaveLength(1);
  });

  it('from beginning to end costs the run nothing but two warnings, the second with what is lost', async () => {
    await server.stop();
    const { subscriber, warnings } = subscribe();
    await begin(subscriber);
    await train(subscriber, 2);
    await end(subscriber);
    expect(warnings).toHaveLength(2);
    expect(warnings[1]).toMatch(
      /was not told of this run: that it ran, 6 parameters, 7 metrics, that it finished \(connect ECONNREFUSED .+\)\.$/,
    );
  });

  it('is asked again after answers that pass, and a run whose making was not answered is not made twice', async () => {
    const failed = new Set<string>();
    // Each request is failed the first time; making the run is carried out all the same.
    const once = ({ path }: Asked) =>
      failed.has(path) ? undefined : (failed.add(path), answer(503, 'TEMPORARILY_UNAVAILABLE'));
    server.trouble = once;
    const { subscriber, warnings } = subscribe();
    await begin(subscriber);
    for (let epoch = 1; epoch <= 12; epoch++) {
      await new Promise((resolve) => setTimeout(resolve, 5)); // beyond the longest pause
      await train(subscriber, 2, epoch);
    }
    await end(subscriber);
    expect(server.bodies('runs/search').length).toBeGreaterThan(0);
    expect(steps('train/loss').filter((step, i, all) => all.indexOf(step) === i)).toEqual(upTo(24));
    expect(warnings).toEqual([
      expect.stringContaining('cannot be reached (it answers 503: {"error_code":"TEMPORARILY_UNAVAILABLE"') as string,
    ]);
  });

  it('or does not answer is waited for so long and no longer', async () => {
    const factory = trackMlflow({ url: server.url }, { answer: 50, firstPause: 60_000, longestPause: 60_000 });
    server.trouble = () => 'hang';
    const { subscriber, warnings } = subscribe(factory);
    await begin(subscriber);
    for (let epoch = 1; epoch <= 20; epoch++) await train(subscriber, 2, epoch);
    await end(subscriber);
    expect(server.asked.length).toBeLessThan(2); // none where the machine was too slow to send it in that time
    expect(warnings[0]).toContain('no answer within 0.05 s');
    expect(warnings[1]).toContain('121 metrics');
  });
});

describe('a server that refuses', () => {
  it.each([
    ['without a token', answer(401, 'UNAUTHENTICATED', 'who?'), /\(UNAUTHENTICATED\): who\?/, /token, or the name/],
    [
      'a right',
      answer(403, 'PERMISSION_DENIED'),
      /experiment "birds" \(PERMISSION_DENIED\): because/,
      /allowed to write/,
    ],
    [
      'as another server',
      { status: 404, body: '<html>Not here</html>' },
      /\(404\).*not MLflow's: <html>/,
      /Check the address/,
    ],
    ['as no server of that kind', { status: 200, body: 'hello' }, /answers 200 with what is not/, /Check the address/],
    [
      'a deleted experiment',
      { status: 200, body: { experiment: { experiment_id: '9', lifecycle_stage: 'deleted' } } },
      /was deleted/,
      /another experiment/,
    ],
  ])('%s is an error before the first step', async (_what, trouble, message, hint) => {
    server.trouble = () => trouble;
    const { subscriber } = subscribe();
    await expect(begin(subscriber)).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(hint) as string,
    });
  });

  it('later on is warned of and left, while the run goes on', async () => {
    const { subscriber, warnings } = subscribe();
    await begin(subscriber);
    server.trouble = () => answer(403, 'PERMISSION_DENIED', 'no more');
    await train(subscriber, 2, 1);
    const asked = server.asked.length;
    await train(subscriber, 2, 2);
    await end(subscriber);
    expect(server.asked).toHaveLength(asked);
    expect(warnings).toEqual([
      expect.stringMatching(/PERMISSION_DENIED\): no more Nothing more of this run is sent there\. Have/) as string,
    ]);
  });

  it('by an answer without what it has to hold is taken for another server', async () => {
    server.trouble = ({ path }) => (path === 'runs/create' ? { status: 200, body: {} } : undefined);
    await expect(begin(subscribe().subscriber)).rejects.toMatchObject({
      message: expect.stringContaining('an answer without what it has to hold') as string,
    });
  });
});
