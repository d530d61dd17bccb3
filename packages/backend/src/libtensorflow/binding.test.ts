import type { Backend } from '@headstart/core/backend';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../open-backend.ts';
import { TENSORFLOW, type NodeKernelBackend } from '../tfjs-node/kernel-backend.ts';
import type { Binding } from './binding.ts';
import { AttrType, DataType } from './data-types.ts';

let backend: Backend;
let binding: Binding;

beforeAll(async () => {
  backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu' });
  binding = (tf.findBackend(TENSORFLOW) as NodeKernelBackend).binding;
});
afterAll(() => backend.close());

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Makes a tensor, reads it back and frees it. */
function roundTrip(shape: number[], dtype: number, values: Parameters<Binding['createTensor']>[2]) {
  const id = binding.createTensor(shape, dtype, values);
  try {
    return binding.tensorDataSync(id);
  } finally {
    binding.deleteTensor(id);
  }
}

describe('values in and out', () => {
  it.each([
    ['float', DataType.float, Float32Array.of(1.5, -0, Infinity, 3e-39)],
    ['int32', DataType.int32, Int32Array.of(1, -2, 2 ** 31 - 1, -(2 ** 31))],
    ['bool', DataType.bool, Uint8Array.of(1, 0, 0, 1)],
  ])('%s comes back as it was', (_, dtype, values) => {
    expect(roundTrip([2, 2], dtype, values)).toEqual(values);
  });

  it('keeps NaN', () => expect(roundTrip([], DataType.float, Float32Array.of(NaN))).toEqual(Float32Array.of(NaN)));

  it('takes scalars and empty tensors', () => {
    expect(roundTrip([], DataType.int32, Int32Array.of(7))).toEqual(Int32Array.of(7));
    expect(roundTrip([0, 3], DataType.float, new Float32Array(0))).toEqual(new Float32Array(0));
  });

  it('gives small and long integers as int32', () => {
    expect(roundTrip([3], DataType.uint8, Uint8Array.of(0, 128, 255))).toEqual(Int32Array.of(0, 128, 255));
    // Pairs of 32-bit halves, low one first, as tfjs-node stores an int64.
    expect(roundTrip([2], DataType.int64, Int32Array.of(5, 0, -5, -1))).toEqual(Int32Array.of(5, -5));
  });

  it('refuses an int64 that no int32 holds', () => {
    expect(() => roundTrip([], DataType.int64, Int32Array.of(0, 1))).toThrow(/4294967296 does not fit/);
  });

  it('gives complex numbers as pairs', () => {
    expect(tf.tidy(() => tf.complex([1, 2], [3, 4]).dataSync())).toEqual(Float32Array.of(1, 3, 2, 4));
  });

  it('keeps strings, short, long, empty and of arbitrary bytes', () => {
    const strings = [utf8('a'), utf8(''), utf8('long '.repeat(50)), Uint8Array.of(0, 255, 254, 0)];
    expect(roundTrip([4], DataType.string, strings)).toEqual(strings);
  });

  it('keeps a string that another tensor shares after the first is freed', () => {
    const long = 'shared by a reshape '.repeat(20);
    const first = tf.tensor([long, 'b'], [2], 'string');
    const second = tf.reshape(first, [2, 1]);
    first.dispose();
    for (let i = 0; i < 100; i++) tf.tensor([`overwrite ${i} `.repeat(30)], [1], 'string').dispose();
    expect((second.dataSync() as unknown as string[])[0]).toBe(long);
    second.dispose();
  });

  it('refuses values that do not fill the shape', () => {
    expect(() => binding.createTensor([2, 3], DataType.float, Float32Array.of(1))).toThrow(
      /shape \[2, 3\] cannot be made from 4 bytes/,
    );
  });
});

describe('attributes', () => {
  const float = { name: 'T', type: AttrType.type, value: DataType.float };
  const x = () => binding.createTensor([1, 2, 2, 1], DataType.float, Float32Array.of(1, 2, 3, 4));

  it('passes lists of integers and strings, and their defaults stand in for what is left out', () => {
    const input = x();
    const [output] = binding.executeOp(
      'MaxPool',
      [
        { name: 'ksize', type: AttrType.int, value: [1, 2, 2, 1] },
        { name: 'strides', type: AttrType.int, value: [1, 2, 2, 1] },
        { name: 'padding', type: AttrType.string, value: 'VALID' },
      ],
      [input],
      1,
    );
    expect(output).toMatchObject({ shape: [1, 1, 1, 1], dtype: DataType.float });
    expect(binding.tensorDataSync(output!.id)).toEqual(Float32Array.of(4));
    [input, output!.id].forEach((id) => binding.deleteTensor(id));
  });

  it('passes a shape, also that of a scalar', () => {
    for (const shape of [[2, 3], []]) {
      const [output] = binding.executeOp(
        'Empty',
        [{ name: 'dtype', type: AttrType.type, value: DataType.float }],
        [binding.createTensor([shape.length], DataType.int32, Int32Array.from(shape))],
        1,
      );
      expect(output!.shape).toEqual(shape);
      const [placed] = binding.executeOp(
        'PlaceholderWithDefault',
        [
          { name: 'dtype', type: AttrType.type, value: DataType.float },
          { name: 'shape', type: AttrType.shape, value: shape },
        ],
        [output!.id],
        1,
      );
      expect(placed!.shape).toEqual(shape);
    }
  });

  it('passes a list of strings', () => {
    const a = binding.createTensor([1, 2], DataType.float, Float32Array.of(-1, 2));
    const b = binding.createTensor([2, 2], DataType.float, Float32Array.of(1, 0, 0, 1));
    const bias = binding.createTensor([2], DataType.float, Float32Array.of(0.5, 0.5));
    const [output] = binding.executeOp(
      '_FusedMatMul',
      [
        float,
        { name: 'num_args', type: AttrType.int, value: 1 },
        { name: 'fused_ops', type: AttrType.string, value: ['BiasAdd', 'Relu'] },
      ],
      [a, b, bias],
      1,
    );
    // relu([-1, 2] * identity + 0.5)
    expect(binding.tensorDataSync(output!.id)).toEqual(Float32Array.of(0, 2.5));
    [a, b, bias, output!.id].forEach((id) => binding.deleteTensor(id));
  });
});

describe('failures', () => {
  it("carry TensorFlow's reason", () => {
    expect(() => binding.executeOp('NoSuchOp', [], [], 1)).toThrow(
      expect.objectContaining({ code: 'backend-failed', message: expect.stringContaining('NoSuchOp') as unknown }),
    );
    const a = binding.createTensor([2], DataType.float, Float32Array.of(1, 2));
    const b = binding.createTensor([3], DataType.float, Float32Array.of(1, 2, 3));
    expect(() => binding.executeOp('AddV2', [], [a, b], 1)).toThrow(/Incompatible shapes: \[2\] vs. \[3\]/);
    // The next op is not troubled by it.
    expect(binding.tensorDataSync(binding.executeOp('AddV2', [], [a, a], 1)[0]!.id)).toEqual(Float32Array.of(2, 4));
    [a, b].forEach((id) => binding.deleteTensor(id));
  });

  it('say that memory ran out, and what helps', () => {
    const big = binding.createTensor([2], DataType.int32, Int32Array.of(2 ** 30, 2 ** 18));
    const value = binding.createTensor([], DataType.float, Float32Array.of(0));
    expect(() => binding.executeOp('Fill', [], [big, value], 1)).toThrow(
      expect.objectContaining({
        code: 'backend-failed',
        message: expect.stringContaining('Out of memory') as unknown,
        hint: expect.stringContaining('smaller batch') as unknown,
      }),
    );
    [big, value].forEach((id) => binding.deleteTensor(id));
  });

  it('name a tensor that is not alive', () => {
    expect(() => binding.tensorDataSync(-5)).toThrow(/Tensor -5 is not alive/);
  });

  it('name SavedModels as not supported', () => {
    expect(() => (binding.loadSavedModel as () => void)()).toThrow(expect.objectContaining({ code: 'not-supported' }));
  });
});

describe('memory', () => {
  it('is given back when tensors are disposed of', () => {
    const before = binding.getNumOfTensors();
    tf.tidy(() => tf.matMul(tf.ones([8, 8]), tf.ones([8, 8])).dataSync());
    expect(binding.getNumOfTensors()).toBe(before);
  });

  it('is reported by the kind of device that it lies on', () => {
    const before = binding.bytesOn('CPU');
    const id = binding.createTensor([5, 2], DataType.float, new Float32Array(10));
    expect(binding.bytesOn('CPU') - before).toBe(40);
    expect(binding.bytesOn('GPU')).toBe(0);
    binding.deleteTensor(id);
    expect(binding.bytesOn('CPU')).toBe(before);
  });

  it('is all given back when the backend is closed', async () => {
    const kept = tf.keep(tf.add(tf.ones([3]), 1));
    expect(binding.getNumOfTensors()).toBeGreaterThan(0);
    await backend.close();
    expect([binding.getNumOfTensors(), backend.closed]).toEqual([0, true]);
    await backend.close();
    kept.dispose(); // whoever owns a tensor may dispose of it late
    backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu' });
  });

  it('is given back as before once the backend is open again, whatever is disposed of late', async () => {
    const late = [tf.keep(tf.ones([3])), tf.keep(tf.add(tf.ones([3]), 1))];
    await backend.close();
    backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu' });
    expect(binding.getNumOfTensors()).toBe(0);
    const kept = tf.tidy(() => tf.add(tf.ones([2]), 1));
    tf.tidy(() => tf.matMul(tf.ones([8, 8]), tf.ones([8, 8])).dataSync());
    expect(binding.getNumOfTensors()).toBe(1);
    // A tensor of before has no id of a tensor of now.
    tf.dispose(late);
    expect([...kept.dataSync()]).toEqual([2, 2]);
    kept.dispose();
    expect(binding.getNumOfTensors()).toBe(0);
    expect(() => binding.deleteTensor(2 ** 31)).toThrow(/is not alive/);
  });
});
