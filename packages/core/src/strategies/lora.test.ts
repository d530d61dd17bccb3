import { memory, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Adapters, applyAdapters, type AdapterPlan } from '../network/adapters.ts';
import { assignValues } from '../network/layer.ts';
import { openTransferModel } from '../models/open-transfer-model.ts';
import { TransferModel } from '../network/transfer-model.ts';
import { readValueFile } from '../network/value-file.ts';
import { readValues, type StoredValue } from '../network/variable-values.ts';
import { RandomStream } from '../random/random-stream.ts';
import type { Backend } from '../ports/backend.ts';
import { createHeadstart } from '../runtime/create-headstart.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointPlugin, pointTask } from '../testing/point-domain.ts';
import { pointSource } from '../testing/point-net.ts';
import { readCheckpoint, writeCheckpoint } from '../training/checkpoint.ts';
import { PhaseRun } from '../training/phase-run.ts';
import type { TransferRequest } from '../runs/request.ts';
import { lora } from './lora.ts';
import type { Phase } from './strategy.ts';

let backend: Backend;
let root: string;
beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-lora-'));
});
afterAll(() => rm(root, { recursive: true }));

let count = 0;
const compose = () => createHeadstart({ backend, plugins: [pointPlugin()], cacheRoot: join(root, `cache-${count++}`) });
const request = (more: Partial<TransferRequest> = {}): TransferRequest => ({
  target: 'points',
  strategy: 'lora:1',
  epochs: 4,
  batchSize: 8,
  learningRate: 0.02,
  seed: 3,
  out: join(root, `run-${count++}`),
  ...more,
});

/** The point net with adapters whose factors are both away from zero. */
async function adapted(plan: AdapterPlan): Promise<TransferModel> {
  const model = await openTransferModel({
    source: pointSource,
    task: pointTask,
    strategy: lora,
    labels: ['a', 'b', 'c'],
    random: new RandomStream('model'),
    artifacts: {} as never,
    progress: {} as never,
  });
  model.adapters = Adapters.create(model.backbone.stages, plan, new RandomStream('adapters'));
  const draws = new RandomStream('left');
  for (const { down } of model.adapters.weights)
    assignValues(
      down,
      Float32Array.from({ length: down.value.size }, () => 0.3 * draws.normal()),
    );
  model.adapters.merge();
  return model;
}

/** The values under the names that files of before have for factors. */
const underFormerNames = (values: ReadonlyMap<string, StoredValue>) =>
  new Map([...values].map(([name, value]) => [name.replace(/:down$/, ':left').replace(/:up$/, ':right'), value]));

const PHASE: Phase = {
  ...lora.plan(
    [
      { name: 'lower', parameters: 1 },
      { name: 'upper', parameters: 1 },
    ],
    { epochs: 1 },
  )[0]!,
};

describe('adapters', () => {
  it('make a weight W₀ + alpha / rank · D U, and start as the source is', async () => {
    const tensors = memory().numTensors;
    const model = await openTransferModel({
      source: pointSource,
      task: pointTask,
      strategy: lora,
      labels: ['a', 'b'],
      random: new RandomStream('model'),
      artifacts: {} as never,
      progress: {} as never,
    });
    const before = await readValues(model.variables());
    model.adapters = Adapters.create(model.backbone.stages, { rank: 1, alpha: 3 }, new RandomStream('adapters'));
    model.adapters.merge();
    expect(await readValues(model.variables())).toEqual(before);
    const [lower] = model.adapters.weights;
    expect([lower!.name, lower!.down.value.shape, lower!.up.value.shape]).toEqual(['lower/kernel', [2, 1], [1, 8]]);
    assignValues(lower!.down, Float32Array.of(0.5, -2));
    model.adapters.merge();
    const up = await lower!.up.value.data();
    const base = before.get('lower/kernel')!.data;
    const merged = await lower!.weight.value.data();
    [0.5, -2].forEach((down, row) =>
      up.forEach((value, column) =>
        expect(merged[8 * row + column]).toBeCloseTo(base[8 * row + column]! + 3 * down * value, 5),
      ),
    );
    model.dispose();
    expect(memory().numTensors).toBe(tensors);
  });

  it('get the gradient that the loss has in their factors', async () => {
    const plan: AdapterPlan = { rank: 1, alpha: 2 };
    const model = await adapted(plan);
    const phase: Phase = { ...PHASE, adapters: plan };
    const run = new PhaseRun({
      backend,
      model,
      task: pointTask,
      phase,
      from: 0,
      initial: new Map(),
      loss: { labelSmoothing: 0 },
      learningRate: 1,
      steps: 1,
      random: new RandomStream('step'),
    });
    const [inputs, targets] = [
      {
        point: tensor2d([
          [1, 2],
          [-1, 0.5],
          [0.3, -2],
        ]),
      },
      {
        label: tensor2d([
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ]),
      },
    ];
    const { loss, gradients } = run.gradients({ inputs: inputs, targets: targets });
    loss.dispose();
    const names = run.weights.map(({ name }) => name);
    expect(names).toEqual([
      'lower/kernel:down',
      'lower/kernel:up',
      'upper/kernel:down',
      'upper/kernel:up',
      'head/kernel',
      'head/bias',
    ]);
    const lossAt = () =>
      tidy(() => pointTask.loss(model.forward(inputs), targets, { labelSmoothing: 0 }).dataSync()[0]!);
    for (const [i, { variable }] of run.weights.entries()) {
      const values = Float32Array.from(await variable.value.data());
      const gradient = await gradients[i]!.data();
      for (let k = 0; k < Math.min(4, values.length); k++) {
        const shifted = (by: number) => {
          assignValues(
            variable,
            values.map((value, j) => (j === k ? value + by : value)),
          );
          model.adapters!.merge();
          return lossAt();
        };
        // Float32 losses: differences over 2e-2 are known to about 1e-4, and their own error is of that size.
        expect(gradient[k], `${names[i]} ${k}`).toBeCloseTo((shifted(1e-2) - shifted(-1e-2)) / 2e-2, 2);
      }
      assignValues(variable, values);
      model.adapters!.merge();
    }
    run.dispose();
    for (const tensor of [...gradients, inputs.point, targets.label]) tensor.dispose();
    model.dispose();
  });

  it('that fit no weight are refused', async () => {
    const model = await adapted({ rank: 1, alpha: 1 });
    const factors = await readValues(model.adapters!.variables());
    const put = (values: typeof factors, base = '') =>
      applyAdapters(model.variables(), values, { scale: 1, base }, 'a folder');
    const down = factors.get('upper/kernel:down')!;
    const mismatch = expect.objectContaining({
      code: 'weights-mismatch',
      message: expect.stringContaining('a folder holds adapters of') as string,
    }) as unknown;
    await expect(
      put(
        new Map([
          ['other/kernel:down', down],
          ['other/kernel:up', factors.get('upper/kernel:up')!],
        ]),
      ),
    ).rejects.toEqual(mismatch);
    // The weights here are merged ones; put back to the base, they have the digest of what the factors belong to.
    const base = await model.adapters!.baseDigest();
    await expect(put(factors, base)).rejects.toMatchObject({
      code: 'weights-mismatch',
      message: expect.stringContaining('other weights') as string,
    });
    for (const { down: factor } of model.adapters!.weights) assignValues(factor, new Float32Array(factor.value.size));
    model.adapters!.merge();
    await expect(put(new Map([...factors].filter(([name]) => name !== 'upper/kernel:up')), base)).rejects.toEqual(
      mismatch,
    );
    model.adapters!.merge();
    await expect(
      put(new Map([...factors, ['upper/kernel:down', { shape: [7, 1], data: down.data.subarray(1) }]]), base),
    ).rejects.toEqual(mismatch);
    model.dispose();
  });

  it('are read under the names of before', async () => {
    const model = await adapted({ rank: 1, alpha: 3 });
    const merged = await readValues(model.variables());
    const factors = underFormerNames(await readValues(model.adapters!.variables()));
    expect([...factors.keys()].slice(0, 2)).toEqual(['lower/kernel:left', 'lower/kernel:right']);
    for (const { weight, base } of model.adapters!.weights) weight.value.assign(base);
    const base = await model.adapters!.baseDigest();
    await applyAdapters(model.variables(), factors, { scale: 3, base }, 'a folder');
    expect(await readValues(model.variables())).toEqual(merged);
    model.dispose();
  });

  it('are put where the name ends in a target, whole words of it, and nowhere else', async () => {
    const model = await openTransferModel({
      source: pointSource,
      task: pointTask,
      strategy: lora,
      labels: ['a', 'b'],
      random: new RandomStream('model'),
      artifacts: {} as never,
      progress: {} as never,
    });
    const make = (targets: string[]) =>
      Adapters.create(model.backbone.stages, { rank: 1, alpha: 1, targets }, new RandomStream(''));
    for (const [target, found] of [
      ['kernel', ['lower/kernel', 'upper/kernel']],
      ['upper', ['upper/kernel']],
      ['lower.kernel', ['lower/kernel']],
    ] as const) {
      const adapters = make([target]);
      expect(
        adapters.weights.map(({ name }) => name),
        target,
      ).toEqual(found);
      adapters.dispose();
    }
    expect(() => make(['query'])).toThrow(
      expect.objectContaining({ code: 'not-supported', hint: expect.stringContaining('kernel') as string }),
    );
    expect(() => make(['kern'])).toThrow(expect.objectContaining({ code: 'not-supported' }));
    expect(() => Adapters.create(model.backbone.stages, { rank: 2, alpha: 1 }, new RandomStream(''))).toThrow(
      expect.objectContaining({ code: 'invalid-option', message: expect.stringContaining('[2, 8]') as string }),
    );
    model.dispose();
  });
});

describe('the strategy lora', () => {
  it('trains the factors and the head, and leaves all else as the source has it', async () => {
    const headstart = await compose();
    const before = memory().numTensors;
    let trained = 0;
    const result = await headstart.train(request({ epochs: 12, ema: 0.9 }), {
      events: { phaseStart: ({ trainableParameters }) => void (trained = trainableParameters) },
    });
    // Factors of [2, 8] and [8, 8] of rank 1, a kernel [8, 3] and its bias.
    expect(trained).toBe(2 + 8 + 8 + 8 + 24 + 3);
    expect(result.metrics['test']!['accuracy']).toBeGreaterThan(0.8);
    expect(memory().numTensors).toBe(before);
    const { values } = await readValueFile(join(result.model, 'weights.safetensors'));
    const source = await pointSource.open({} as never, { weights: 'published' });
    for (const { name: stage, variables } of source.stages) {
      for (const { name, value } of variables) {
        const same = Buffer.from(values.get(`${stage}/${name}`)!.data.buffer).equals(
          Buffer.from(Float32Array.from(await value.data()).buffer),
        );
        expect(same, `${stage}/${name}`).toBe(name !== 'kernel');
      }
    }
    source.dispose();
  });

  it('saves adapters that make the same model of the source', async () => {
    const headstart = await compose();
    const before = memory().numTensors;
    const result = await headstart.train(request());
    expect((await readdir(result.model)).sort()).toEqual([
      'adapters.safetensors',
      'history.jsonl',
      'model.json',
      'weights.safetensors',
    ]);
    const alone = join(root, 'alone');
    for (const name of ['model.json', 'adapters.safetensors'])
      await cp(join(result.model, name), join(alone, name), { recursive: true });
    expect([...(await readValueFile(join(alone, 'adapters.safetensors'))).values.keys()].sort()).toEqual([
      'head/bias',
      'head/deviation',
      'head/kernel',
      'head/mean',
      'lower/kernel:down',
      'lower/kernel:up',
      'upper/kernel:down',
      'upper/kernel:up',
    ]);
    const evaluated = async (folder: string) => {
      const model = await headstart.load(folder);
      const { metrics } = await model.evaluate('points');
      model.dispose();
      return metrics;
    };
    // The same products and sums make both: bit for bit, the loss among the metrics too.
    expect(await evaluated(alone)).toEqual(await evaluated(result.model));
    expect((await evaluated(alone)).values).toEqual(result.metrics['test']);
    await rm(join(alone, 'adapters.safetensors'));
    await expect(headstart.load(alone)).rejects.toMatchObject({ code: 'model-invalid' });
    expect(memory().numTensors).toBe(before);
  });

  it('resumes to the same bytes from a checkpoint with the names of before', async () => {
    const weightsOf = (directory: string) => readFile(join(directory, 'weights.safetensors'));
    const whole = await (await compose()).train(request());
    const interrupted = request();
    const out = interrupted.out!;
    const stop = new AbortController();
    let steps = 0;
    const events = { step: () => void (++steps === 11 && stop.abort()) };
    await expect((await compose()).train(interrupted, { events, signal: stop.signal })).rejects.toMatchObject({
      code: 'interrupted',
    });
    const { state, tensors } = (await readCheckpoint(out))!;
    const former = underFormerNames(tensors);
    expect([...former.keys()]).toEqual(
      expect.arrayContaining(['model/lower/kernel:left', 'optimiser/m/lower/kernel:left']),
    );
    await writeCheckpoint(out, { state, tensors: former });
    const resumed = await (await compose()).resume(out);
    expect((await weightsOf(resumed.model)).equals(await weightsOf(whole.model))).toBe(true);
  });

  it('has options after a colon, which the card keeps', async () => {
    const headstart = await compose();
    const { model } = await headstart.train(request({ strategy: 'lora:rank=1,alpha=4,targets=kernel', epochs: 1 }));
    expect(JSON.parse(await readFile(join(model, 'model.json'), 'utf8'))).toMatchObject({
      strategy: 'lora:rank=1,alpha=4,targets=kernel',
      adapters: { scale: 4 },
    });
    const plan = (id: string) =>
      lora.withOptions!(id).plan(
        [],
        { epochs: 1 },
        { learningRate: 1e-5, headLearningRate: 1e-3, adapted: ['query'] },
      )[0]!.adapters;
    expect(plan('4')).toEqual({ rank: 4, alpha: 8, targets: ['query'] });
    expect(plan('rank=4,targets=a+b')).toEqual({ rank: 4, alpha: 8, targets: ['a', 'b'] });
    for (const wrong of ['0', 'rank=x', 'alpha=-1', 'targets=', 'ranks=3', ''])
      expect(() => lora.withOptions!(wrong), wrong).toThrow(expect.objectContaining({ code: 'invalid-option' }));
    await expect(headstart.train(request({ strategy: 'lor:8' }))).rejects.toMatchObject({ code: 'unknown-name' });
    await expect(headstart.train(request({ strategy: 'fine-tune:8' }))).rejects.toMatchObject({ code: 'unknown-name' });
  });
});
