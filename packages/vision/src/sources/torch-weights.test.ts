import * as tf from '@tensorflow/tfjs';
import type { ModelVariable } from '@headstart/core/network';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assignTorchWeights, type CheckpointTensor } from './torch-weights.ts';

function stored(shape: number[], values: number[], dtype = 'F32'): CheckpointTensor {
  return { dtype, shape, read: async () => Float32Array.from(values) };
}

describe('assignTorchWeights', () => {
  let variables: ModelVariable[];
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });
  beforeEach(() => {
    variables = Object.entries({ conv: [1, 2, 2, 3], depthwise: [2, 1, 3, 1], dense: [2, 3], bias: [2] }).map(
      ([name, shape]) => ({
        name,
        role: 'weight',
        decay: false,
        value: tf.tidy(() => tf.variable(tf.zeros(shape))),
      }),
    );
  });
  afterEach(() => variables.forEach(({ value }) => value.dispose()));

  const checkpoint = () =>
    new Map<string, CheckpointTensor>([
      // Element [o, i, h, w] holds its own index as digits.
      ['conv', stored([3, 2, 1, 2], [0, 1, 100, 101, 1000, 1001, 1100, 1101, 2000, 2001, 2100, 2101])],
      ['depthwise', stored([3, 1, 2, 1], [0, 10, 1000, 1010, 2000, 2010])],
      ['dense', stored([3, 2], [0, 1, 10, 11, 20, 21])],
      ['bias', stored([2], [5, 6])],
      ['norm.num_batches_tracked', { dtype: 'I64', shape: [], read: async () => [0] }],
    ]);
  const values = (name: string) => Array.from(variables.find((variable) => variable.name === name)!.value.dataSync());

  it('transposes kernels into our layout', async () => {
    await assignTorchWeights(checkpoint(), variables, 'x.pth');
    // [h, w, i, o], o fastest.
    expect(values('conv')).toEqual([0, 1000, 2000, 100, 1100, 2100, 1, 1001, 2001, 101, 1101, 2101]);
    // [h, w, channel, 1].
    expect(values('depthwise')).toEqual([0, 1000, 2000, 10, 1010, 2010]);
    expect(values('dense')).toEqual([0, 10, 20, 1, 11, 21]);
    expect(values('bias')).toEqual([5, 6]);
  });

  it.each([
    ['a missing tensor', (map: Map<string, CheckpointTensor>) => map.delete('dense'), /no tensor "dense"/],
    [
      'a surplus tensor',
      (map: Map<string, CheckpointTensor>) => map.set('gate', stored([1], [1])),
      /no place for: gate/,
    ],
    [
      'another shape',
      (map: Map<string, CheckpointTensor>) => map.set('bias', stored([3], [1, 2, 3])),
      /"bias" as F32 \[3\] where F32 \[2\]/,
    ],
    [
      'another type',
      (map: Map<string, CheckpointTensor>) => map.set('bias', stored([2], [1, 2], 'F64')),
      /"bias" as F64/,
    ],
  ])('names %s and changes nothing', async (_, change, message) => {
    const map = checkpoint();
    change(map);
    await expect(assignTorchWeights(map, variables, 'x.pth')).rejects.toMatchObject({
      code: 'weights-mismatch',
      message: expect.stringMatching(message) as string,
    });
    for (const { name, value } of variables) expect(values(name)).toEqual(new Array(value.size).fill(0));
  });
});
