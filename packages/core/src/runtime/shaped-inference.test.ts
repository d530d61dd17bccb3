import { memory, ones } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Stage } from '../network/stage.ts';
import { TransferModel } from '../network/transfer-model.ts';
import type { Backend, CompiledStep } from '../ports/backend.ts';
import { RandomStream } from '../random/random-stream.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointTask } from '../testing/point-domain.ts';
import { pointSource } from '../testing/point-net.ts';
import { CALLS_TO_JOIN, ShapedInference } from './shaped-inference.ts';

let model: TransferModel;
let stages: readonly Stage[];
let plain: Backend;
beforeAll(async () => {
  plain = await plainBackend();
  const backbone = await pointSource.open({} as never, { weights: 'published' });
  model = new TransferModel(backbone, pointTask.buildHead(backbone, ['a', 'b'], new RandomStream(1)));
  stages = [...backbone.stages, model.head];
});
afterAll(() => model.dispose());

/** Counts the steps that are compiled and freed; a call waits for `gate`. */
class CountingBackend {
  #compiled = 0;
  #freed = 0;
  gate: Promise<void> = Promise.resolve();

  /** Of whole networks, a step for each of their stages. */
  get compiled(): number {
    return this.#compiled / stages.length;
  }

  get freed(): number {
    return this.#freed / stages.length;
  }

  readonly backend: Backend = {
    ...plain,
    compile: <Args extends unknown[], Result>(step: (...args: Args) => Result): CompiledStep<Args, Result> => {
      this.#compiled++;
      let freed = false;
      const call = async (...args: Args) => {
        if (freed) throw new Error('called after it was freed');
        await this.gate;
        return step(...args);
      };
      return Object.assign(call, { dispose: () => ((freed = true), void this.#freed++) });
    },
  };
}

it('compiles once per shape, keeps those used last and no more of them than it may, and leaves no tensor', async () => {
  const counting = new CountingBackend();
  const before = memory().numTensors;
  const inference = new ShapedInference(counting.backend, stages, 2);
  const run = async (rows: number) => {
    const outputs = await inference.run({ point: ones([rows, 2]) });
    expect(outputs['logits']!.shape).toEqual([rows, 2]);
    for (const output of Object.values(outputs)) output.dispose();
    return [counting.compiled, counting.freed];
  };
  expect(await run(1)).toEqual([1, 0]);
  expect(await run(1)).toEqual([1, 0]);
  expect(await run(2)).toEqual([2, 0]);
  expect(await run(1)).toEqual([2, 0]);
  // Of 1 and 2, 2 was used longer ago.
  expect(await run(3)).toEqual([3, 1]);
  expect(await run(1)).toEqual([3, 1]);
  expect(await run(2)).toEqual([4, 2]);
  inference.dispose();
  expect([counting.compiled, counting.freed, memory().numTensors]).toEqual([4, 4, before]);
});

it('frees no step that is being called', async () => {
  const counting = new CountingBackend();
  const inference = new ShapedInference(counting.backend, stages, 1);
  let open = () => {};
  counting.gate = new Promise((resolve) => (open = resolve));
  const running = [1, 2, 3, 1].map((rows) => inference.run({ point: ones([rows, 2]) }));
  open();
  for (const outputs of await Promise.all(running)) for (const output of Object.values(outputs)) output.dispose();
  expect([counting.compiled, counting.freed]).toEqual([3, 2]);
  inference.dispose();
});

it('frees what is being called when it is disposed of once its calls end', async () => {
  const counting = new CountingBackend();
  const inference = new ShapedInference(counting.backend, stages);
  let open = () => {};
  counting.gate = new Promise((resolve) => (open = resolve));
  const running = inference.run({ point: ones([1, 2]) });
  inference.dispose();
  expect(counting.freed).toBe(0);
  open();
  for (const output of Object.values(await running)) output.dispose();
  expect([counting.compiled, counting.freed]).toEqual([1, 1]);
});

it('hands on what a stage passes through, and gives others their turn between stages', async () => {
  const passing: Stage = { name: 'passing', variables: [], forward: (tensors) => tensors, initialise() {} };
  const inference = new ShapedInference(plain, [passing, ...stages, passing]);
  const before = memory().numTensors;
  let turns = 0;
  const count = () => {
    turns++;
    timer = setImmediate(count);
  };
  let timer = setImmediate(count);
  const outputs = await inference.run({ point: ones([2, 2]) });
  clearImmediate(timer);
  expect(turns).toBeGreaterThanOrEqual(stages.length);
  expect(outputs['logits']!.shape).toEqual([2, 2]);
  for (const output of Object.values(outputs)) output.dispose();
  expect(memory().numTensors).toBe(before);
  inference.dispose();
});

it('joins the stages of a shape that is met again and again, and frees what is joined before them', async () => {
  const freed: string[] = [];
  let joined = 0;
  const backend: Backend = {
    ...plain,
    compile: (step) => Object.assign(plain.compile(step), { dispose: () => void freed.push('stage') }),
    join: <Given>(steps: readonly CompiledStep<[Given], Given>[]) => {
      const call = async (given: Given) => {
        joined++;
        let tensors = given;
        for (const step of steps) tensors = await step(tensors);
        return tensors;
      };
      return Object.assign(call, { dispose: () => void freed.push('joined') });
    },
  };
  const inference = new ShapedInference(backend, stages);
  const run = async (rows: number) => {
    for (const output of Object.values(await inference.run({ point: ones([rows, 2]) }))) output.dispose();
  };
  for (let call = 0; call < CALLS_TO_JOIN + 3; call++) await run(2);
  expect(joined).toBe(3);
  await run(1);
  expect(joined).toBe(3);
  inference.dispose();
  expect(freed).toEqual(['joined', ...stages.map(() => 'stage'), ...stages.map(() => 'stage')]);
});
