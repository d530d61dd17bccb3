/**
 * A fully connected layer: every output is a weighted sum of all inputs plus a bias, `x W + b`. A head on
 * a backbone is one such layer from features to classes; softmax turns its outputs into probabilities.
 */
import { deepStrictEqual } from 'node:assert/strict';
import { openBackend } from '@headstart/backend';
import { RandomStream, createArtifacts, silentProgress } from '@headstart/core';
import { imageClassification, smallCnnScheme } from '@headstart/vision';
import { add, matMul, softmax, tensor1d, tensor2d, zeros } from '@tensorflow/tfjs-core';

const backend = await openBackend();

// Three features, two classes. Column j of W holds what each feature says for class j.
const features = tensor2d([[1, 0, 2]]);
const weights = tensor2d([
  [2, -1],
  [0, 3],
  [1, 0.5],
]);
const bias = tensor1d([-1, 0]);
const logits = add(matMul(features, weights), bias);
deepStrictEqual(Array.from(logits.dataSync()), [1 * 2 + 0 * 0 + 2 * 1 - 1, 1 * -1 + 0 * 3 + 2 * 0.5 + 0]);
const format = (values: Iterable<number>) => Array.from(values, (value) => value.toFixed(3)).join(', ');
console.log('By hand: 1*2 + 0*0 + 2*1 - 1 = 3 and 1*-1 + 0*3 + 2*0.5 + 0 = 0');
console.log(`logits          ${format(logits.dataSync())}`);
console.log(
  `probabilities   ${format(softmax(logits).dataSync())}   (e^3 / (e^3 + e^0) = ${(Math.exp(3) / (Math.exp(3) + 1)).toFixed(3)})`,
);

// The same in a network: small-cnn's fully connected stage, and a head for three classes on it.
const runtime = { artifacts: createArtifacts(), progress: silentProgress };
const network = await smallCnnScheme.resolve('28x28x1').open(runtime, { weights: 'none' });
const head = imageClassification().buildHead(network, ['circle', 'square', 'triangle'], new RandomStream(0));
console.log('\nsmall-cnn on pictures of [28, 28, 1], and a head on it');
for (const { name, variables } of [network.stages.at(-1)!, head]) {
  for (const { name: variable, value, role } of variables)
    console.log(`  ${`${name}/${variable}`.padEnd(20)} [${value.shape.join(', ')}] ${role}`);
}
let tensors: Readonly<Record<string, ReturnType<typeof zeros>>> = { image: zeros([1, 28, 28, 1]) };
for (const stage of [...network.stages, head]) {
  tensors = stage.forward(tensors, { training: false });
  console.log(
    `  after ${stage.name.padEnd(8)} ${Object.entries(tensors)
      .map(([name, { shape }]) => `${name} [${shape.join(', ')}]`)
      .join(' ')}`,
  );
}

network.dispose();
await backend.close();
