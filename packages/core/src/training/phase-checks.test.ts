import '@tensorflow/tfjs';
import {
  conv2d,
  getBackend,
  getKernel,
  memory,
  reshape,
  scalar,
  setBackend,
  ready,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceDomain } from '../domains/source-domain.ts';
import { openTransferModel } from '../models/open-transfer-model.ts';
import { readValues } from '../network/variable-values.ts';
import { definePlugin } from '../plugins/plugin.ts';
import { RandomStream } from '../random/random-stream.ts';
import type { Backend } from '../ports/backend.ts';
import { createHeadstart } from '../runtime/create-headstart.ts';
import { lossTerm } from '../network/loss-term.ts';
import { ridge } from '../strategies/defaults.ts';
import { fineTune } from '../strategies/fine-tune.ts';
import type { Phase, Strategy } from '../strategies/strategy.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointPlugin, pointTask } from '../testing/point-domain.ts';
import { pointSource } from '../testing/point-net.ts';
import { checkPhases } from './phase-checks.ts';

let root: string;
let plain: Backend;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-phase-checks-'));
  plain = await plainBackend();
});
afterAll(() => rm(root, { recursive: true }));

async function wasmBackend(): Promise<Backend> {
  await import('@tensorflow/tfjs-backend-wasm');
  await setBackend('wasm');
  await ready();
  return { ...plain, name: 'wasm' };
}

/** The point net, but its first stage runs as a convolution over one pixel. */
const convolving: SourceDomain = {
  ...pointSource,
  id: 'convolving',
  async open(...args) {
    const backbone = await pointSource.open(...args);
    const [lower, upper] = backbone.stages;
    const convolution = {
      name: lower!.name,
      variables: lower!.variables,
      initialise: lower!.initialise.bind(lower),
      forward({ point }: Readonly<Record<string, Tensor>>) {
        const kernel = lower!.variables[0]!.value;
        const image: Tensor4D = reshape(point!, [-1, 1, 1, 2]);
        const filter: Tensor4D = reshape(kernel, [1, 1, 2, 8]);
        return { middle: reshape(conv2d(image, filter, 1, 'valid'), [-1, 8]) };
      },
    };
    return { ...backbone, stages: [convolution, upper!] };
  },
};

function strategy(id: string, trainable: Phase['trainable'], more: Partial<Phase> = {}): Strategy {
  return {
    id,
    description: id,
    start: 'source',
    defaults: { epochs: 1, batchSize: 8 },
    plan: (_stages, { epochs }) => [
      {
        name: id,
        epochs,
        trainable,
        optimiser: { kind: 'sgd', learningRate: 0.1, weightDecay: 0 },
        schedule: { warmup: 0, decay: 'constant' },
        batchStatistics: false,
        ...more,
      },
    ],
  };
}

const extra = definePlugin({
  name: 'extra',
  version: '1.0.0',
  headstart: '*',
  setup({ sources, strategies }) {
    sources.add(convolving);
    strategies.add(strategy('misspelt', { uper: 1, head: 1 }));
    strategies.add(strategy('idle', {}));
    strategies.add(
      strategy(
        'headed',
        { upper: 1, head: 1 },
        { losses: [lossTerm({ name: 'nothing', needs: {}, replacesTaskLoss: true, value: () => scalar(0) })] },
      ),
    );
    const adapters = { rank: 1, alpha: 1 };
    strategies.add(strategy('penalised', { upper: 1, head: 1 }, { adapters, losses: [ridge(1)] }));
    const [adapted, whole] = [strategy('adapted', { upper: 1 }, { adapters }), strategy('whole', { upper: 1 })];
    strategies.add({ ...adapted, id: 'mixed', plan: (...args) => [...adapted.plan(...args), ...whole.plan(...args)] });
  },
});

const compose = (backend: Backend) =>
  createHeadstart({ backend, plugins: [pointPlugin(), extra()], cacheRoot: join(root, 'cache') });

describe('before the first step', () => {
  it('a kernel that the backend lacks is named; what needs it not still runs', async () => {
    const backend = await wasmBackend();
    expect(['Conv2D', 'Conv2DBackpropFilter'].map((name) => getKernel(name, getBackend()) !== undefined)).toEqual([
      true,
      false,
    ]);
    const headstart = await compose(backend);
    let steps = 0;
    const events = { step: () => void (steps += 1) };
    const request = { target: 'points', source: 'convolving', epochs: 1 };
    await expect(
      headstart.train({ ...request, strategy: 'fine-tune', out: join(root, 'tuned') }, { events }),
    ).rejects.toMatchObject({
      code: 'backend-missing-kernel',
      message: 'The backend "wasm" has no kernel Conv2DBackpropFilter, which the phase "fine-tune" needs.',
    });
    expect(steps).toBe(0);
    expect(await readdir(root)).not.toContain('tuned');
    const probed = await headstart.train(
      { ...request, strategy: 'linear-probe', out: join(root, 'probed') },
      { events },
    );
    expect(probed.backend).toBe('wasm');
    expect(steps).toBeGreaterThan(0);
    await plainBackend();
  });

  it.each([
    [
      'misspelt',
      'trains the stage "uper", which the model does not have: its stages are lower, upper, head',
      'Update extra',
      'plugin-failed',
    ],
    ['idle', 'trains no stage', 'Update extra', 'plugin-failed'],
    ['headed', 'trains the head by the loss term "nothing"', "the strategy's author"],
    ['penalised', 'has a loss term of weights that are made of adapters', "the strategy's author"],
    ['mixed', 'The phase "whole" trains the backbone without the adapters', "the strategy's author"],
  ])('the strategy "%s" is refused, and its folder taken away', async (id, message, hint, code = 'plugin-invalid') => {
    const headstart = await compose(plain);
    const before = memory().numTensors;
    await expect(headstart.train({ target: 'points', strategy: id, out: join(root, id) })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
      hint: expect.stringContaining(hint) as string,
    });
    expect(await readdir(root)).not.toContain(id);
    expect(memory().numTensors).toBe(before);
  });

  it('the checks leave weights and batch-norm statistics as they were', async () => {
    const random = new RandomStream(1);
    const labels = ['a', 'b'];
    const model = await openTransferModel({
      source: pointSource,
      task: pointTask,
      strategy: fineTune,
      labels,
      random,
      artifacts: {} as never,
      progress: {} as never,
    });
    const before = await readValues(model.variables());
    const [phase] = fineTune.plan(model.info(), { epochs: 1 });
    const encoder = pointTask.encoder({ backbone: model.backbone, labels, augmentation: 'none' });
    await checkPhases(encoder, [
      {
        backend: plain,
        model,
        task: pointTask,
        phase: phase!,
        labels,
        initial: new Map(),
        random,
        steps: 1,
        learningRate: 1,
        loss: { labelSmoothing: 0 },
      },
    ]);
    expect(await readValues(model.variables())).toEqual(before);
    model.dispose();
  });
});
