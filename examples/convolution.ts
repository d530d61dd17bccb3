/**
 * A convolution: the first layer of the small CNN turns a picture of 28 x 28 pixels and one channel
 * into 16 maps of the same size, one per kernel.
 */
import { deepStrictEqual } from 'node:assert/strict';
import { openBackend } from '@headstart/backend';
import { RandomStream, createArtifacts, silentProgress } from '@headstart/core';
import { smallCnnScheme } from '@headstart/vision';
import { conv2d, tensor4d, zeros } from '@tensorflow/tfjs-core';

const backend = await openBackend();
const runtime = { artifacts: createArtifacts(), progress: silentProgress };
const network = await smallCnnScheme.resolve('28x28x1').open(runtime, { weights: 'none' });
const [first] = network.stages;
first!.initialise(new RandomStream(0));

const picture = zeros([1, 28, 28, 1]);
const { map } = first!.forward({ image: picture }, { training: false });
deepStrictEqual(map!.shape, [1, 28, 28, 16]);
console.log('small-cnn, first layer');
for (const { name, value } of first!.variables) console.log(`  ${name.padEnd(13)} [${value.shape.join(', ')}]`);
console.log(`  [${picture.shape.join(', ')}] becomes [${map!.shape.join(', ')}]`);

// What one kernel does: it slides over the picture and adds up the nine pixels under it, each times its
// weight. This one takes the pixel on the right minus the pixel on the left: it answers where dark turns
// to light.
const edge = [
  [0, 0, 0, 9, 9, 9],
  [0, 0, 0, 9, 9, 9],
  [0, 0, 0, 9, 9, 9],
];
const kernel = [
  [0, 0, 0],
  [-1, 0, 1],
  [0, 0, 0],
];
const input = tensor4d(edge.flat(), [1, 3, 6, 1]);
const weights = tensor4d(kernel.flat(), [3, 3, 1, 1]);
const answer = conv2d(input, weights, 1, 'same');

console.log('\nA kernel that answers to vertical edges');
print('picture', edge);
print('kernel', kernel);
const rows = Array.from({ length: 3 }, (_, row) => Array.from(answer.dataSync()).slice(6 * row, 6 * row + 6));
print('answer', rows);
deepStrictEqual(rows[1], [0 - 0, 0 - 0, 9 - 0, 9 - 0, 9 - 9, 0 - 9]);
console.log('  Outside the picture counts as 0 ("same" padding), hence the -9 at its right border.');

function print(name: string, lines: readonly (readonly number[])[]): void {
  lines.forEach((line, i) =>
    console.log(`  ${(i === 0 ? name : '').padEnd(8)}${line.map((value) => String(value).padStart(4)).join('')}`),
  );
}

network.dispose();
await backend.close();
