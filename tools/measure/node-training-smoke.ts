// Trains a small network for a moment and prints the digest of its weights as JSON.
import { createHash } from 'node:crypto';
import { openBackend } from '@headstart/backend';
import { batchNormTrain } from '@headstart/core/network';
import { RandomStream } from '@headstart/core';
import * as tf from '@tensorflow/tfjs-core';

const STEPS = 20;

const random = new RandomStream('node-training-smoke');
const normal = (shape: number[], scale: number) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => scale * random.normal()),
    shape,
  );

const backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu', threads: { intraOp: 2, interOp: 2 } });
const weights = {
  filter: tf.variable(normal([3, 3, 1, 8], 0.3)),
  gamma: tf.variable(tf.ones([8])),
  beta: tf.variable(tf.zeros([8])),
  depthwise: tf.variable(normal([3, 3, 8, 1], 0.3)),
  dense: tf.variable(normal([8, 10], 0.3)),
};
const images = normal([32, 28, 28, 1], 1) as tf.Tensor4D;
const labels = tf.oneHot(
  tf.tensor1d(
    Array.from({ length: 32 }, (_, i) => i % 10),
    'int32',
  ),
  10,
);
const optimiser = tf.train.adam(0.01);

function loss(): tf.Scalar {
  const convolved = tf.conv2d(images, weights.filter as tf.Tensor4D, 1, 'same');
  const normalised = tf.relu6(batchNormTrain(convolved, weights.gamma, weights.beta, 1e-3).y) as tf.Tensor4D;
  const mixed = tf.relu(
    tf.depthwiseConv2d(tf.maxPool(normalised, 2, 2, 'same'), weights.depthwise as tf.Tensor4D, 1, 'same'),
  );
  const logits = tf.matMul(tf.mean<tf.Tensor2D>(mixed, [1, 2]), weights.dense);
  return tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(labels, logits);
}

const before = tf.tidy(() => loss().dataSync()[0]!);
const times: number[] = [];
for (let step = 0; step < STEPS; step++) {
  const start = performance.now();
  optimiser.minimize(loss);
  times.push(performance.now() - start);
}
const after = tf.tidy(() => loss().dataSync()[0]!);
if (!(after < before)) throw new Error(`The loss went from ${before} to ${after}.`);
const digest = createHash('sha256');
for (const weight of Object.values(weights)) digest.update(new Uint8Array((weight.dataSync() as Float32Array).buffer));
await backend.close();
console.log(JSON.stringify({ weights: digest.digest('hex'), stepMs: times.sort((a, b) => a - b)[STEPS >> 1] }));
