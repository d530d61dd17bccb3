/**
 * Pooling makes a map smaller: each window of 2 x 2 becomes one number, its largest value (max
 * pooling) or its mean (average pooling).
 */
import { deepStrictEqual } from 'node:assert/strict';
import { openBackend } from '@headstart/backend';
import { avgPool, maxPool, tensor4d, type Tensor4D } from '@tensorflow/tfjs-core';

const backend = await openBackend();

const map = [
  [1, 3, 2, 0],
  [5, 7, 4, 2],
  [0, 0, 8, 8],
  [4, 0, 8, 8],
];
const input = tensor4d(map.flat(), [1, 4, 4, 1]);

// By hand: the windows are 1 3 / 5 7, 2 0 / 4 2, 0 0 / 4 0 and 8 8 / 8 8.
const largest = [
  [7, 4],
  [4, 8],
];
const means = [
  [(1 + 3 + 5 + 7) / 4, (2 + 0 + 4 + 2) / 4],
  [(0 + 0 + 4 + 0) / 4, (8 + 8 + 8 + 8) / 4],
];

const max = maxPool(input, 2, 2, 'same');
const average = avgPool(input, 2, 2, 'same');
deepStrictEqual(rows(max), largest);
deepStrictEqual(rows(average), means);

print('map', map);
print('max pooling', rows(max));
print('average pooling', rows(average));
console.log(
  `\n[${input.shape.join(', ')}] becomes [${max.shape.join(', ')}]: a quarter of the numbers, the same channels.`,
);

function rows(tensor: Tensor4D): number[][] {
  return (tensor.arraySync()[0] ?? []).map((line) => line.map(([value]) => value!));
}

function print(name: string, lines: readonly (readonly number[])[]): void {
  lines.forEach((line, i) =>
    console.log(`${(i === 0 ? name : '').padEnd(17)}${line.map((value) => String(value).padStart(3)).join('')}`),
  );
}

await backend.close();
