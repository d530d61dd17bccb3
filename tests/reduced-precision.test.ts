import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackend } from '@headstart/backend';
import {
  createArtifacts,
  createHeadstart,
  definePlugin,
  type RegisteredDataset,
  type RunEvents,
  type TransferRequest,
} from '@headstart/core';
import { readSafetensors } from '@headstart/core/formats';
import type { Backend } from '@headstart/core/backend';
import { pointPlugin } from '@headstart/core/testing';
import vision, { mnist } from '@headstart/vision';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let backend: Backend;
let root: string;
let runs = 0;
const warnings: string[] = [];
const note = ({ message }: Error) => void warnings.push(message);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-precision-'));
  backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu', capture: true });
  process.on('warning', note);
});
afterAll(async () => {
  process.off('warning', note);
  await backend.close();
  await rm(root, { recursive: true });
});

/** The first digits of each split of MNIST. */
const someDigits: RegisteredDataset = {
  ...mnist,
  id: 'some-digits',
  async load(...args) {
    const whole = await mnist.load(...args);
    const first = (split: string, n: number) => whole.samples.filter((one) => one.split === split).slice(0, n);
    return { ...whole, id: 'some-digits', samples: [...first('train', 1200), ...first('test', 500)] };
  },
};
const digits = definePlugin({
  name: 'some-digits',
  version: '1.0.0',
  headstart: '*',
  setup: ({ datasets }) => datasets.add(someDigits),
});

const compose = () =>
  createHeadstart({
    backend,
    plugins: [pointPlugin(), vision(), digits()],
    cacheRoot: join(root, `cache-${++runs}`),
    artifacts: createArtifacts(),
  });

async function train(request: TransferRequest, events?: Partial<RunEvents>) {
  return (await compose()).train({ seed: 3, out: join(root, `run-${++runs}`), ...request }, { events });
}
const weightsOf = (directory: string) => readFile(join(directory, 'weights.safetensors'));
const onDigits = {
  target: 'some-digits',
  source: 'small-cnn:28x28x1',
  strategy: 'from-scratch',
  epochs: 8,
  batchSize: 32,
  learningRate: 0.004,
} as const;

describe('a small network on digits', () => {
  let inFloat32: ReturnType<typeof train> | undefined;
  it.each(['bfloat16', 'float16'] as const)(
    'learns in %s about what it learns in float32, with float32 weights',
    async (precision) => {
      const plain = await (inFloat32 ??= train(onDigits));
      const choices: string[] = [];
      const reduced = await train(
        { ...onDigits, precision },
        { choice: ({ what, value }) => void choices.push(`${what} ${value}`) },
      );
      expect(choices).toContain(`precision ${precision}`);
      const [expected, actual] = [plain.metrics.test!.accuracy!, reduced.metrics.test!.accuracy!];
      expect(expected).toBeGreaterThan(0.85);
      // 500 digits: the difference of two such accuracies has a standard deviation below 2 %.
      expect(Math.abs(actual - expected)).toBeLessThan(0.05);
      const [before, after] = [await weightsOf(plain.model), await weightsOf(reduced.model)];
      expect(after.equals(before)).toBe(false);
      const weights = await readSafetensors(join(reduced.model, 'weights.safetensors'));
      for (const { dtype } of weights.tensors.values()) expect(dtype).toBe('F32');
      const card = JSON.parse(await readFile(join(reduced.model, 'model.json'), 'utf8')) as {
        training: { precision: string };
      };
      expect(card.training.precision).toBe(precision);
      expect(warnings).toEqual([]);
    },
    // Without instructions for the type a step takes many times as long.
    300_000,
  );
});

describe('a run in 16 bits', () => {
  it.each([
    ['bfloat16', 'gradual-unfreeze'],
    ['float16', 'gradual-unfreeze'],
    ['float16', 'lora:1'],
  ] as const)(
    'in %s resumes to the same bytes, in the precision that it began with, by %s',
    async (precision, strategy) => {
      const tensors = memory().numTensors;
      const request: TransferRequest = { target: 'points', strategy, epochs: 2, batchSize: 8, ema: 0.9, precision };
      const whole = await train({ ...request, checkpointEvery: 1 });
      expect(
        (await weightsOf(whole.model)).equals(
          await weightsOf((await train({ ...request, precision: 'float32' })).model),
        ),
      ).toBe(false);
      for (const stopAt of [2, 11]) {
        const out = join(root, `stopped-${precision}-${strategy.slice(0, 4)}-${stopAt}`);
        const stop = new AbortController();
        let steps = 0;
        const events: Partial<RunEvents> = { step: () => void (++steps === stopAt && stop.abort()) };
        await expect(
          (await compose()).train({ seed: 3, ...request, out }, { events, signal: stop.signal }),
        ).rejects.toMatchObject({ code: 'interrupted' });
        await (await compose()).resume(out);
        expect((await weightsOf(out)).equals(await weightsOf(whole.model)), `stopped at step ${stopAt}`).toBe(true);
      }
      expect(memory().numTensors).toBe(tensors);
      expect(warnings).toEqual([]);
    },
  );

  it('"mixed" is settled by what the processor has, and kept for a resume', async () => {
    const fast = backend.precisions?.bfloat16 === 'fast';
    const out = join(root, 'mixed');
    const stop = new AbortController();
    const events: Partial<RunEvents> = { step: () => stop.abort() };
    const run = (await compose()).train(
      { target: 'points', strategy: 'fine-tune', epochs: 1, batchSize: 8, precision: 'mixed', out },
      { events, signal: stop.signal },
    );
    if (!fast)
      return void (await expect(run).rejects.toMatchObject({
        code: 'not-supported',
        message: expect.stringContaining('slower') as string,
      }));
    await expect(run).rejects.toMatchObject({ code: 'interrupted' });
    const file = JSON.parse(await readFile(join(out, 'run.json'), 'utf8')) as { request: { precision: string } };
    expect(file.request.precision).toBe('bfloat16');
  });

  it('is refused by a backend that computes op by op', async () => {
    const opByOp = { ...backend, precisions: undefined };
    const headstart = await createHeadstart({
      backend: opByOp,
      plugins: [pointPlugin()],
      cacheRoot: join(root, `cache-${++runs}`),
    });
    await expect(
      headstart.train({ target: 'points', precision: 'bfloat16', out: join(root, 'refused') }),
    ).rejects.toMatchObject({ code: 'not-supported' });
  });
});
