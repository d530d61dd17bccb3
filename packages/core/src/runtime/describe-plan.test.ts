import 'reflect-metadata';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../ports/backend.ts';
import type { TransferRequest } from '../runs/request.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointPlugin } from '../testing/point-domain.ts';
import { createHeadstart } from './create-headstart.ts';
import type { Headstart } from './headstart.ts';

let backend: Backend;
let headstart: Headstart;
let root: string;
const folder = process.cwd();
beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-plan-'));
  headstart = await createHeadstart({ backend, plugins: [pointPlugin()], cacheRoot: join(root, 'cache') });
  process.chdir(root);
});
afterAll(async () => {
  process.chdir(folder);
  await rm(root, { recursive: true });
});

describe('the plan of a request', () => {
  it.each<Partial<TransferRequest>>([
    {},
    { strategy: 'lp-ft', epochs: 3, batchSize: 7 },
    { strategy: 'gradual-unfreeze', epochs: 3, augmentation: 'jitter' },
    { strategy: 'l2-sp', epochs: 1, augmentation: 'jitter', views: 3 },
    { strategy: 'lora:1', epochs: 1, shots: 4 },
    { strategy: 'contrastive', epochs: 1, batchSize: 8 },
    { strategy: 'from-scratch', epochs: 2, batchSize: 5, split: [50, 0, 50] },
  ])('is what a run of it then does: %j', async (more) => {
    const asked = { target: 'points', ...more };
    const before = memory().numTensors;
    const plan = await headstart.plan(asked);
    expect(memory().numTensors).toBe(before);

    const phases: object[] = [];
    const steps: number[] = [];
    const choices: object[] = [];
    let samples: unknown;
    await headstart.train(asked, {
      events: {
        choice: (choice) => void choices.push(choice),
        runStart: (run) => void (samples = run.samples),
        phaseStart({ phase: { name, epochs, trainable }, trainableParameters, frozenStages, cachedStages }) {
          phases.push({ name, epochs, trainable, trainableParameters, frozen: frozenStages, cached: cachedStages });
          steps.push(0);
        },
        step: () => void (steps[steps.length - 1]! += 1),
      },
    });
    expect(plan.phases).toMatchObject(phases);
    expect(plan.phases.map((phase) => phase.steps)).toEqual(steps);
    expect(plan.samples).toEqual(samples);
    expect(plan.choices).toEqual(choices);
  });

  it('describes what is cached how often, and which terms a phase learns by', async () => {
    const { phases } = await headstart.plan({ target: 'points', strategy: 'l2-sp', augmentation: 'jitter', views: 3 });
    expect(phases.map(({ losses }) => losses)).toEqual(expect.arrayContaining([['l2-sp']]));
    const probe = await headstart.plan({
      target: 'points',
      strategy: 'linear-probe',
      augmentation: 'jitter',
      views: 3,
    });
    expect(probe.phases).toMatchObject([{ cached: probe.phases[0]!.frozen, views: 3 }]);
  });

  it('trains to the same weights as its request does, and leaves nothing behind', async () => {
    const before = await readdir(join(root, 'runs'));
    const { request } = await headstart.plan({ target: 'points', seed: 4 });
    expect(await readdir(join(root, 'runs'))).toEqual(before);
    expect(request).toMatchObject({ seed: 4, task: 'point-classification', split: [70, 10, 20], out: undefined });
    const [one, other] = [await headstart.train(request), await headstart.train({ target: 'points', seed: 4 })];
    const weights = ({ model }: { model: string }) => readFile(join(model, 'weights.safetensors'));
    expect(await weights(one)).toEqual(await weights(other));
    expect(one.model).not.toBe(other.model);
  });

  it('fails as training would', async () => {
    await expect(headstart.plan({ target: 'points', source: 'point-ned' })).rejects.toMatchObject({
      code: 'unknown-name',
    });
    await expect(headstart.plan({ target: 'points', epochs: 0 })).rejects.toMatchObject({ code: 'invalid-option' });
  });
});

it('trains several at once that begin in the same second, each in a folder of its own', async () => {
  const request = { target: 'points', strategy: 'linear-probe', epochs: 1, seed: 5 };
  const results = await Promise.all(Array.from({ length: 12 }, () => headstart.train(request)));
  expect(new Set(results.map(({ model }) => model)).size).toBe(12);
  expect(new Set(results.map(({ runId }) => runId)).size).toBe(12);
  for (const { model } of results) expect(await readdir(model)).toContain('model.json');
});
