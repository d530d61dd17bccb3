import { execFileSync } from 'node:child_process';
import type { Backend } from '@headstart/core/backend';
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Binding } from './libtensorflow/binding.ts';
import { readCudaDriver } from './libtensorflow/cuda-driver.ts';
import { DataType } from './libtensorflow/data-types.ts';
import { loadedLibrary } from './libtensorflow/open.ts';
import { openBackend } from './open-backend.ts';
import { gpuTitle, whyNoGpu } from './testing/gpu.ts';
import { batch, SmallNetwork } from './testing/small-network.ts';
import { TENSORFLOW, type NodeKernelBackend } from './tfjs-node/kernel-backend.ts';

const reason = whyNoGpu();
if (reason !== undefined) console.info(`Tests on a GPU are skipped: ${reason}`);

/** Memory of all GPUs in use by anybody, in bytes; undefined where nvidia-smi is not there. */
function usedBytes(): number | undefined {
  try {
    const lines = execFileSync('nvidia-smi', ['--query-gpu=memory.used', '--format=csv,noheader,nounits'], {
      encoding: 'utf8',
    });
    return lines
      .trim()
      .split('\n')
      .reduce((sum, line) => sum + Number(line) * 2 ** 20, 0);
  } catch {
    return undefined;
  }
}

describe.skipIf(reason !== undefined)(gpuTitle('the backend on a GPU', reason), () => {
  let backend: Backend;
  let binding: Binding;
  let usedBefore: number | undefined;
  beforeAll(async () => {
    usedBefore = usedBytes();
    backend = await openBackend({ prefer: 'libtensorflow', device: 'gpu', capture: true, install: false });
    binding = (tf.findBackend(TENSORFLOW) as NodeKernelBackend).binding;
  });
  afterAll(() => backend.close());

  const deviceOf = (id: number) => {
    const { api, status } = loadedLibrary()!;
    return api.TFE_TensorHandleBackingDeviceName(binding.handleOf(id), status.pointer);
  };
  const read = async (tensor: Tensor) => Array.from(await tensor.data());

  it('computes on the GPU, and says which it is', () => {
    expect(backend).toMatchObject({
      device: 'gpu',
      details: { gpu: expect.stringContaining(readCudaDriver()!.gpu!.name) as unknown },
    });
    const x = tf.tidy(() => tf.matMul(tf.ones([4, 4]), tf.ones([4, 4])));
    expect(deviceOf((tf.findBackend(TENSORFLOW) as NodeKernelBackend).getInputTensorIds([x])[0]!)).toContain(
      'device:GPU:0',
    );
    x.dispose();
  });

  it('takes memory as it needs it, not all at once', ({ skip }) => {
    const now = usedBytes();
    if (now === undefined || usedBefore === undefined) return skip('nvidia-smi is not here to tell');
    expect(now - usedBefore).toBeLessThan(readCudaDriver()!.gpu!.totalBytes / 2);
  });

  it('keeps int32 tensors, which are shapes and axes, on the host, and everything else on the device', () => {
    const float = binding.createTensor([2], DataType.float, Float32Array.of(1, 2));
    const shape = binding.createTensor([2], DataType.int32, Int32Array.of(1, 2));
    expect([deviceOf(float), deviceOf(shape)]).toEqual([
      expect.stringContaining('GPU'),
      expect.stringContaining('CPU'),
    ]);
    [float, shape].forEach((id) => binding.deleteTensor(id));
  });

  it('takes int32 tensors in ops of all kinds', async () => {
    const results = tf.tidy(() => {
      const indices = tf.tensor1d([2, 0], 'int32');
      const table = tf.tensor2d([
        [1, 2],
        [3, 4],
        [5, 6],
      ]);
      return [
        tf.gather(table, indices),
        tf.oneHot(indices, 3),
        tf.argMax(table, 1),
        tf.add(indices, 1),
        tf.reshape(table, [2, 3]),
      ];
    });
    expect(await Promise.all(results.map(read))).toEqual([
      [5, 6, 1, 2],
      [0, 0, 1, 1, 0, 0],
      [1, 1, 1],
      [3, 1],
      [1, 2, 3, 4, 5, 6],
    ]);
    tf.dispose(results);
  });

  it('trains in captured steps as op by op', async () => {
    const [eager, captured] = [new SmallNetwork(), new SmallNetwork()];
    const [data, decay] = [batch(8, 11), tf.scalar(0.9)];
    const step = backend.compile(captured.step);
    for (let i = 0; i < 10; i++) {
      const [expected, actual] = [eager.step(data, decay), await step(data, decay)];
      // Products on tensor cores round to TF32, 11 bits, and cuDNN may choose other algorithms.
      expect(Math.abs((await read(actual))[0]! - (await read(expected))[0]!)).toBeLessThan(1e-3);
      tf.dispose([expected, actual]);
    }
    step.dispose();
    tf.dispose([data, decay]);
    eager.dispose();
    captured.dispose();
  });

  it.each(['bfloat16', 'float16'] as const)('trains in %s close to float32', async (precision) => {
    const [plain, reduced] = [new SmallNetwork(), new SmallNetwork()];
    const [data, decay] = [batch(8, 11), tf.scalar(0.9)];
    const steps = [backend.compile(plain.step), backend.compile(reduced.step, { precision })];
    for (let i = 0; i < 6; i++) {
      const losses: number[] = [];
      for (const step of steps) {
        const loss = await step(data, decay);
        losses.push((await read(loss))[0]!);
        loss.dispose();
      }
      expect(Math.abs(losses[1]! - losses[0]!)).toBeLessThan(0.05);
      expect(losses[1]).not.toBe(losses[0]);
    }
    for (const variable of reduced.state) expect(variable.dtype).toBe('float32');
    steps.forEach((step) => step.dispose());
    tf.dispose([data, decay]);
    plain.dispose();
    reduced.dispose();
  });

  it('leaves no tensor and no byte behind in 2,000 steps, and counts what tensors hold', async () => {
    const w = tf.tidy(() => tf.variable(tf.ones([256, 256])));
    const x = tf.tidy(() => tf.ones([256, 256]));
    const step = backend.compile((input: Tensor) =>
      tf.tidy(() => (w.assign(tf.mul(tf.add(w, input), 0.5)), tf.mean<Scalar>(w))),
    );
    (await step(x)).dispose();
    const before = backend.memory();
    for (let i = 0; i < 2000; i++) (await step(x)).dispose();
    const after = backend.memory();
    expect([after.tensors, after.deviceBytes]).toEqual([before.tensors, before.deviceBytes]);
    // Two tensors of 256 x 256 at four bytes per element lie on the device.
    const held = after.deviceBytes!;
    w.dispose();
    x.dispose();
    expect(held - backend.memory().deviceBytes!).toBe(2 * 256 * 256 * 4);
    step.dispose();
  });
});
