import { memory, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { plainBackend } from '../testing/plain-backend.ts';
import { InOrder } from './in-order.ts';

beforeAll(() => plainBackend());

const added = async (kept: InOrder, positions: number[], outputs: Tensor, targets: Tensor) => {
  await kept.add(Uint32Array.from(positions), { a: outputs }, { b: targets });
  outputs.dispose();
  targets.dispose();
};

async function handedOn(kept: InOrder, size: number) {
  const batches: { positions: number[]; shape: number[]; a: unknown; b: unknown; type: string }[] = [];
  await kept.handOn(size, async (positions, { a }, { b }) => {
    const [outputs, targets] = [await a!.array(), await b!.array()];
    batches.push({ positions: [...positions], shape: a!.shape, a: outputs, b: targets, type: b!.dtype });
  });
  return batches;
}

it('hands batches on in the order of the samples, and keeps no tensor', async () => {
  const tensors = memory().numTensors;
  const kept = new InOrder();
  await added(
    kept,
    [3, 0],
    tensor([
      [3, 30],
      [0, 10],
    ]),
    tensor([3, 0], [2], 'int32'),
  );
  await added(
    kept,
    [1, 2],
    tensor([
      [1, 11],
      [2, 12],
    ]),
    tensor([1, 2], [2], 'int32'),
  );
  expect(await handedOn(kept, 3)).toEqual([
    {
      positions: [0, 1, 2],
      shape: [3, 2],
      a: [
        [0, 10],
        [1, 11],
        [2, 12],
      ],
      b: [0, 1, 2],
      type: 'int32',
    },
    { positions: [3], shape: [1, 2], a: [[3, 30]], b: [3], type: 'int32' },
  ]);
  expect(memory().numTensors).toBe(tensors);
});

it('has samples of one shape share a batch, each with all its rows', async () => {
  const kept = new InOrder();
  await added(
    kept,
    [1],
    tensor([
      [1, 1, 1],
      [2, 2, 2],
    ]),
    tensor([1]),
  );
  await added(kept, [0, 2], tensor([[0], [1], [4], [5]]), tensor([0, 2]));
  const batches = await handedOn(kept, 8);
  expect(batches.map(({ positions, a }) => [positions, a])).toEqual([
    [[0], [[0], [1]]],
    [
      [1],
      [
        [1, 1, 1],
        [2, 2, 2],
      ],
    ],
    [[2], [[4], [5]]],
  ]);
});
