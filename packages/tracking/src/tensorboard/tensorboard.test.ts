import 'reflect-metadata';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHeadstart, type Headstart, type RunEvents } from '@headstart/core';
import { plainBackend, pointPlugin } from '@headstart/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import tracking from '../index.ts';
import { readEventFiles, scalarsOf, type ReadEvent } from '../testing/read-events.test.kit.ts';
import { HParamsPluginData } from './event-messages.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-tensorboard-'));
});
afterAll(() => rm(root, { recursive: true }));

let runs = 0;
async function compose() {
  const folder = join(root, String(++runs));
  const logdir = join(folder, 'logs');
  const headstart = await createHeadstart({
    backend: await plainBackend(),
    plugins: [pointPlugin(), tracking({ tensorboard: { logdir } })],
    cacheRoot: join(folder, 'cache'),
  });
  return { headstart, logdir, out: join(folder, 'run') };
}
const request = (out: string) => ({ target: 'points', strategy: 'lp-ft', epochs: 4, batchSize: 16, seed: 3, out });

/** What the run itself says of its numbers, in the form of `scalarsOf`; values are of 32 bits there. */
function listener(lines: string[]): Partial<RunEvents> {
  let before = 0;
  let at = 0;
  const line = (tag: string, value: number) => void lines.push(`${tag}@${at} ${Math.fround(value)}`);
  return {
    phaseStart: ({ epochsBefore }) => void (before = epochsBefore),
    step({ epoch, step, stepsPerEpoch, loss, learningRate }) {
      at = (before + epoch - 1) * stepsPerEpoch + step;
      line('train/loss', loss);
      line('train/learning_rate', learningRate);
    },
    epochEnd({ loss, seconds, validation }) {
      line('train/epoch_loss', loss);
      line('train/epoch_seconds', seconds);
      for (const [name, value] of Object.entries(validation!)) line(`validation/${name}`, value);
    },
    runEnd({ metrics }) {
      for (const [name, value] of Object.entries(metrics['validation']!)) line(`final_validation/${name}`, value);
      for (const [name, value] of Object.entries(metrics['test']!)) line(`test/${name}`, value);
    },
  };
}

const stepsOf = (lines: readonly string[]) =>
  lines.flatMap((line) => /^train\/loss@(\d+) /.exec(line)?.[1] ?? []).map(Number);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
async function plannedSteps(headstart: Headstart, out: string): Promise<number> {
  const { phases } = await headstart.plan({ ...request(out), out: `${out}-planned` });
  return phases.reduce((sum, { steps }) => sum + steps, 0);
}

interface Session {
  readonly sessionStartInfo?: { readonly hparams: Record<string, object>; readonly groupName: string };
  readonly sessionEndInfo?: { readonly status: number };
}
const sessions = (events: readonly ReadEvent[]): Session[] =>
  events.flatMap(({ summary }) =>
    (summary?.value ?? []).flatMap(({ metadata }) =>
      metadata ? [HParamsPluginData.toObject(HParamsPluginData.decode(metadata.pluginData.content)) as Session] : [],
    ),
  );

describe('event files', () => {
  it('hold every number of a run, over both phases, and what determined it', async () => {
    const { headstart, logdir, out } = await compose();
    const lines: string[] = [];
    const { runId } = await headstart.train(request(out), { events: listener(lines) });
    const [events] = readEventFiles(join(logdir, runId));
    expect(events![0]).toMatchObject({ fileVersion: 'brain.Event:2' });
    expect(scalarsOf(events!)).toEqual(lines);
    expect(stepsOf(lines)).toEqual(upTo(await plannedSteps(headstart, out)));
    const [start, end] = sessions(events!);
    expect(start!.sessionStartInfo!.groupName).toBe(runId);
    expect(start!.sessionStartInfo!.hparams).toMatchObject({
      strategy: { stringValue: 'lp-ft' },
      source: { stringValue: 'point-net' },
      seed: { numberValue: 3 },
      split: { stringValue: '70/10/20' },
      classes: { numberValue: 3 },
    });
    expect(end).toEqual({ sessionEndInfo: expect.objectContaining({ status: 1 }) as object });
  });

  it('of a resumed run go on in another file, where a reader drops what came after the checkpoint', async () => {
    const { headstart, logdir, out } = await compose();
    const stop = new AbortController();
    let phase = 0;
    const stopping: Partial<RunEvents> = {
      phaseStart: ({ index }) => void (phase = index),
      step: ({ epoch, step }) => void (phase === 1 && epoch === 2 && step === 3 && stop.abort()),
    };
    await expect(headstart.train(request(out), { events: stopping, signal: stop.signal })).rejects.toMatchObject({
      code: 'interrupted',
    });
    const { runId } = await headstart.resume(out);
    const [first, second] = readEventFiles(join(logdir, runId));
    const last = stepsOf(scalarsOf(first!)).at(-1)!;
    expect(second!.slice(0, 2)).toEqual([
      expect.objectContaining({ fileVersion: 'brain.Event:2' }),
      expect.objectContaining({ step: last + 1, sessionLog: { status: 1 } }),
    ]);
    const all = stepsOf([...scalarsOf(first!), ...scalarsOf(second!)]);
    expect(all).toEqual(upTo(await plannedSteps(headstart, out)));
    expect(sessions(first!)).toHaveLength(1); // an interruption is no end
  });

  it('of a run that fails are whole and say so', async () => {
    const { headstart, logdir, out } = await compose();
    const events = {
      step({ step, epoch }: { step: number; epoch: number }) {
        if (epoch === 2 && step === 2) throw new Error('out of luck');
      },
    };
    let runId = '';
    const started = { ...events, runStart: (run: { runId: string }) => void (runId = run.runId) };
    await expect(headstart.train(request(out), { events: started })).rejects.toThrow('out of luck');
    const [file] = readEventFiles(join(logdir, runId));
    expect(scalarsOf(file!).filter((line) => line.startsWith('train/loss'))).toHaveLength(5);
    expect(sessions(file!).at(-1)).toEqual({ sessionEndInfo: expect.objectContaining({ status: 2 }) as object });
  });

  it('of a trial have the numbers of its domains', async () => {
    const { headstart, logdir } = await compose();
    const session = headstart.trials();
    const transfer = { target: 'points', strategy: 'linear-probe', epochs: 1, shots: 4 };
    const { outcomes } = await session.run({ transfer, tests: [{ target: 'points' }] });
    await session.close();
    const [runId] = await readdir(logdir);
    const [events] = readEventFiles(join(logdir, runId!));
    const { accuracy } = outcomes[0]!.metrics;
    expect(scalarsOf(events!)).toContainEqual(
      expect.stringMatching(new RegExp(`^test/points/accuracy@\\d+ ${Math.fround(accuracy!)}$`)) as string,
    );
    expect(sessions(events!)[0]!.sessionStartInfo!.hparams).toMatchObject({
      test: { stringValue: 'points' },
      train: { stringValue: 'points' },
      shots: { numberValue: 4 },
    });
  });

  it('that cannot be made are an error before the first step', async () => {
    const { headstart, logdir, out } = await compose();
    await mkdir(join(logdir, '..'), { recursive: true });
    await writeFile(logdir, 'a file in its place');
    await expect(headstart.train(request(out))).rejects.toMatchObject({
      code: 'storage-failed',
      message: expect.stringContaining('create an event file in') as string,
    });
  });
});
