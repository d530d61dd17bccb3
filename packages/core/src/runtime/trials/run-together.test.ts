import { memory } from '@tensorflow/tfjs-core';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { definePlugin } from '../../plugins/plugin.ts';
import type { TrialEnd, TrialRequest, TrialResult } from '../../runs/trial.ts';
import { pointPlugin } from '../../testing/point-domain.ts';
import { plainBackend } from '../../testing/plain-backend.ts';
import { createHeadstart } from '../create-headstart.ts';
import type { Headstart } from '../headstart.ts';

let root: string;
let headstart: Headstart;
/** Runs whose events were heard: what each was told, in order. */
let heard: string[][];
/** The seed of a run whose subscriber fails at its first epoch. */
let faulty: number | undefined;

const listener = definePlugin({
  name: 'listener',
  version: '1.0.0',
  headstart: '^0.1',
  setup: ({ events }) =>
    events.add(({ run }) => {
      const told: string[] = [];
      heard.push(told);
      const tell = (what: string) => () => void told.push(what);
      return {
        runStart: tell('start'),
        phaseStart: tell('phase'),
        step: tell('step'),
        runEnd: tell('end'),
        runError: tell('error'),
        epochEnd() {
          told.push('epoch');
          if (run.request.seed === faulty) throw new Error('the listener gave up');
        },
      };
    }),
});

const folders = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('headstart-trial-')).length;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-together-'));
  vi.stubEnv('TMPDIR', root); // other tests run trials meanwhile
  const backend = await plainBackend();
  headstart = await createHeadstart({ backend, plugins: [pointPlugin(), listener()], cacheRoot: root });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

const trial = (seed: number, more: Partial<TrialRequest['transfer']> = {}): TrialRequest => ({
  transfer: { target: 'points', epochs: 3, batchSize: 16, seed, strategy: 'linear-probe', ...more },
  tests: [{ target: 'points' }, { target: 'points', split: 'validation' }],
  onTraining: true,
});

/** What has to be the same, however a trial was run. */
function told({ outcomes, onTraining, history, ...result }: TrialResult) {
  const numbers = [...outcomes, onTraining!].map(({ items, intervals, ...outcome }) => ({
    ...outcome,
    intervals: Object.keys(intervals),
    columns: items!.columns.map(({ name, type }) => ({ name, type })),
  }));
  const epochs = history.map(({ seconds: _, loss, ...epoch }) => ({ ...epoch, loss: loss.toFixed(5) }));
  const { identity, choices, warnings, samples } = result;
  return { identity, choices, warnings, samples, numbers, epochs };
}

const resultsOf = (ends: readonly TrialEnd[]) =>
  ends.map((end) => {
    if ('error' in end) throw end.error;
    return end.result;
  });

const reset = () => {
  heard = [];
  faulty = undefined;
};

describe('trials that are run together', () => {
  it('come to what each comes to by itself, in their order, and leave nothing', async () => {
    reset();
    const [tensors, before] = [memory().numTensors, await folders()];
    const trials = [trial(0), trial(1, { strategy: 'fine-tune' }), trial(2, { shots: 5 }), trial(3)];
    const session = headstart.trials();
    const keys = await Promise.all(trials.map((each) => session.stackKey(each)));
    expect(keys[0]).toBeDefined();
    expect(keys).toEqual([keys[0], undefined, keys[0], keys[0]]);
    const together = resultsOf(await session.runTogether(trials));
    expect(together.map((result) => result.together)).toEqual([3, 1, 3, 3]);
    const events = heard.map((each) => each.join()).sort();
    reset();
    const alone: TrialResult[] = [];
    for (const each of trials) alone.push(await session.run(each));
    expect(together.map(told)).toEqual(alone.map(told));
    expect(heard.map((each) => each.join()).sort()).toEqual(events);
    expect(together[0]!.features).toEqual({ computed: 90, reused: 72 });
    expect(together[3]!.features).toEqual({ computed: 0, reused: 162 });
    await session.close();
    expect(memory().numTensors).toBe(tensors);
    expect(await folders()).toBe(before);
  });

  it('come out bit for bit as they did where the same are run together again, in the same order', async () => {
    reset();
    const trials = [trial(0), trial(2, { shots: 5 }), trial(3)];
    const numbers = async () => {
      const session = headstart.trials();
      const results = resultsOf(await session.runTogether(trials));
      await session.close();
      return results.map(({ outcomes, onTraining, history, environment }) => {
        return { outcomes, onTraining, history: history.map(({ seconds: _, ...epoch }) => epoch), environment };
      });
    };
    const first = await numbers();
    expect(await numbers()).toEqual(first);
    expect(first[0]!.environment).toEqual(headstart.backend.details);
  });

  it('go on when one of them fails, or has no data', async () => {
    reset();
    faulty = 1;
    const session = headstart.trials();
    const ends = await session.runTogether([trial(0), trial(1), trial(2, { target: 'nowhere' }), trial(3)]);
    await session.close();
    expect(ends.map((end) => ('error' in end ? end.error.message : end.result.together))).toEqual([
      3,
      expect.stringContaining('the listener gave up'),
      expect.stringContaining('nowhere'),
      3,
    ]);
    expect(heard.map((each) => each.at(-1)).sort()).toEqual(['end', 'end', 'error']);
  });

  it('end at the next step when they are told to, and leave nothing', async () => {
    reset();
    const [tensors, before] = [memory().numTensors, await folders()];
    const stop = new AbortController();
    stop.abort();
    const session = headstart.trials();
    const ends = await session.runTogether([trial(0), trial(1)], { signal: stop.signal });
    await session.close();
    const nothing = expect.stringContaining('nothing of it is kept') as string;
    expect(ends).toMatchObject([1, 2].map(() => ({ error: { code: 'interrupted', message: nothing } })));
    expect(memory().numTensors).toBe(tensors);
    expect(await folders()).toBe(before);
  });
});
