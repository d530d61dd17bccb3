import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHeadstart } from '../runtime/create-headstart.ts';
import type { Backend } from '../ports/backend.ts';
import type { Headstart } from '../runtime/headstart.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointPlugin } from '../testing/point-domain.ts';
import type { EpochChoice, EpochInfo, RunEvents } from '../runs/events.ts';
import type { TransferRequest } from '../runs/request.ts';

let backend: Backend;
let root: string;

beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-trainer-'));
});
afterAll(() => rm(root, { recursive: true }));

let runs = 0;
const compose = (cache = `cache-${runs}`): Promise<Headstart> =>
  createHeadstart({ backend, plugins: [pointPlugin()], cacheRoot: join(root, cache) });
const request = (more: Partial<TransferRequest>): TransferRequest => ({
  target: 'points',
  seed: 3,
  batchSize: 8,
  out: join(root, `run-${++runs}`),
  ...more,
});
const weightsOf = (directory: string) => readFile(join(directory, 'weights.safetensors'));

describe('a transfer', () => {
  it.each(['linear-probe', 'fine-tune', 'gradual-unfreeze', 'lp-ft', 'l2-sp', 'lora:1', 'contrastive', 'from-scratch'])(
    '%s learns the classes, leaks no tensor and loads again',
    async (strategy) => {
      const headstart = await compose();
      const before = memory().numTensors;
      const result = await headstart.train(request({ strategy, epochs: 12, learningRate: 0.02 }));
      expect(result.metrics.test!.accuracy).toBeGreaterThan(0.8);
      expect(memory().numTensors).toBe(before);

      await expect(headstart.load(result.model, { taskOptions: { threshold: '0.5' } })).rejects.toMatchObject({
        code: 'invalid-option',
      });
      const model = await headstart.load(result.model);
      expect(await model.predict(['0,3', '3,-1', '-3,-1'])).toEqual(['up', 'right', 'left']);
      const evaluation = await model.evaluate('points');
      await expect(model.evaluate('points', { pages: ['mistakes'] })).rejects.toMatchObject({
        code: 'not-supported',
        message: expect.stringContaining('mistakes') as string,
      });
      expect(evaluation.split).toBe('test');
      expect(evaluation.metrics.values).toEqual(result.metrics.test);
      model.dispose();
      expect(memory().numTensors).toBe(before);
    },
  );

  it('leaves every value of a frozen stage as it was, batch-norm statistics included', async () => {
    const headstart = await compose();
    const { model: probed } = await headstart.train(request({ strategy: 'linear-probe', epochs: 3 }));
    const { model: tuned } = await headstart.train(request({ strategy: 'fine-tune', epochs: 3 }));
    const source = await headstart.sources()[0]!.value.open({} as never, { weights: 'published' });
    const load = async (directory: string) => {
      const { readModel } = await import('../models/model-directory.ts');
      return (await readModel(directory)).weights;
    };
    const [frozen, trained] = [await load(probed), await load(tuned)];
    for (const stage of source.stages) {
      for (const { name, value, role } of stage.variables) {
        const published = Array.from(await value.data());
        expect(Array.from(frozen.get(`${stage.name}/${name}`)!.data)).toEqual(published);
        // Fine-tuning moves the weights and keeps the source's statistics.
        const after = Array.from(trained.get(`${stage.name}/${name}`)!.data);
        if (role === 'weight') expect(after).not.toEqual(published);
        else expect(after).toEqual(published);
      }
    }
    source.dispose();
  });

  it('computes features once: another seed and another strategy reuse them', async () => {
    const headstart = await compose('shared-cache');
    const computed = async (more: Partial<TransferRequest>) => {
      let sum = 0;
      await headstart.train(request({ epochs: 1, ...more }), {
        events: { features: (event) => void (sum += event.computed) },
      });
      return sum;
    };
    expect(await computed({ strategy: 'linear-probe', seed: 1 })).toBe(90);
    expect(await computed({ strategy: 'linear-probe', seed: 2 })).toBe(0);
    expect(await computed({ strategy: 'lp-ft', seed: 1 })).toBe(0);
  });

  it('gives the same weights for the same seed, and others for another', async () => {
    const headstart = await compose();
    const run = async (seed: number) =>
      weightsOf((await headstart.train(request({ strategy: 'lp-ft', epochs: 2, seed }))).model);
    const [first, again, other] = [await run(5), await run(5), await run(6)];
    expect(first.equals(again)).toBe(true);
    expect(first.equals(other)).toBe(false);
  });

  it('stops early, keeps the best epoch and says which', async () => {
    const headstart = await compose();
    const epochs: EpochInfo[] = [];
    const chosen: EpochChoice[] = [];
    const result = await headstart.train(
      request({ strategy: 'linear-probe', epochs: 60, patience: 3, learningRate: 0.05, split: [30, 60, 10] }),
      {
        events: {
          epochEnd: (epoch) => void epochs.push(epoch),
          phaseEnd: ({ chosen: epoch }) => void chosen.push(epoch),
        },
      },
    );
    expect(epochs.length).toBeLessThan(60);
    expect(chosen).toHaveLength(1);
    const [{ epoch, of, by, why }] = chosen as [EpochChoice];
    expect(of).toBe(epochs.length);
    const { loss: _, ...kept } = epochs[epoch - 1]!.validation!;
    expect(kept).toEqual(result.metrics['validation']);
    expect(by).not.toBe('last');
    expect(result.chosen).toEqual(chosen);
    const card = JSON.parse(await readFile(join(result.model, 'model.json'), 'utf8')) as {
      training: { phases: { kept: unknown }[] };
    };
    expect(card.training.phases.map(({ kept: each }) => each)).toEqual([{ epoch, of, by, why }]);
  });

  it('goes by nothing where validation samples are too few: neither for the epoch nor to stop', async () => {
    const headstart = await compose();
    const warnings: string[] = [];
    const result = await headstart.train(request({ strategy: 'linear-probe', epochs: 9, patience: 1 }), {
      events: { warning: (message) => void warnings.push(message) },
    });
    expect(result.chosen).toMatchObject([
      { epoch: 9, of: 9, by: 'last', why: expect.stringContaining('9 validation samples are too few') as string },
    ]);
    expect(warnings).toEqual([expect.stringContaining('as --patience 1 asks for: 9 validation samples')]);
  });

  it('finds a learning rate and says so', async () => {
    const headstart = await compose();
    const rates: string[] = [];
    const result = await headstart.train(request({ strategy: 'lp-ft', epochs: 6, learningRate: 'auto' }), {
      events: { choice: ({ what, value }) => void (what === 'learning rate' && rates.push(value)) },
    });
    expect(rates).toHaveLength(2);
    expect(result.metrics.test!.accuracy).toBeGreaterThan(0.8);
  });
});

describe('resume', () => {
  const settings: Partial<TransferRequest> = {
    strategy: 'gradual-unfreeze',
    epochs: 4,
    ema: 0.9,
    augmentation: 'jitter',
    checkpointEvery: 1,
    labelSmoothing: 0.1,
  };

  it('reaches the same bytes from any step, across phase boundaries too', async () => {
    const whole = await (await compose()).train(request(settings));
    const expected = await weightsOf(whole.model);
    for (const stopAt of [1, 9, 240, 241, 245, 262, 270]) {
      const out = join(root, `interrupted-${stopAt}`);
      const stop = new AbortController();
      let steps = 0;
      const events: Partial<RunEvents> = { step: () => void (++steps === stopAt && stop.abort()) };
      const running = (await compose(`cache-${stopAt}`)).train(request({ ...settings, out }), {
        events,
        signal: stop.signal,
      });
      await expect(running).rejects.toMatchObject({ code: 'interrupted' });
      const resumed = await (await compose(`cache-${stopAt}`)).resume(out);
      expect((await weightsOf(out)).equals(expected), `stopped at step ${stopAt}`).toBe(true);
      expect(resumed.metrics).toEqual(whole.metrics);
    }
  });

  it('refuses a finished model, a strange folder and an occupied one', async () => {
    const headstart = await compose();
    const { model } = await headstart.train(request({ epochs: 1 }));
    await expect(headstart.resume(model)).rejects.toMatchObject({ code: 'resume-mismatch' });
    await expect(headstart.resume(root)).rejects.toMatchObject({ code: 'resume-mismatch' });
    await expect(headstart.train(request({ out: model }))).rejects.toMatchObject({ code: 'invalid-option' });
  });
});
