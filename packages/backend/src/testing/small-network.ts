import { batchNormTrain } from '@headstart/core/network';
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import { values } from './gradient-checks.ts';

const CLASSES = 3;
const RATE = 0.05;
const CLIP = 0.5;
const PENALTY = 0.01;
const EPSILON = 1e-3;

function weight(shape: number[], seed: number, scale: number, trainable = true): Variable {
  return tf.tidy(() => tf.variable(tf.mul(tf.tensor(values(shape, seed).values, shape), scale), trainable));
}

export interface Batch {
  readonly [name: string]: Tensor;
  readonly image: Tensor;
  readonly label: Tensor;
}

/**
 * A network of all that a transfer's step is made of: convolution with bias, batch norm that moves
 * its averages, a depthwise convolution, a residual addition, pooling, a classifier; a penalty that
 * is anchored to the first weights, clipping by the global norm, Adam, and a moving average.
 */
export class SmallNetwork {
  readonly weights: readonly Variable[];
  readonly state: readonly Variable[];
  readonly #anchors: readonly Tensor[];
  readonly #slots: readonly { readonly m: Variable; readonly v: Variable; readonly average: Variable }[];

  constructor() {
    this.weights = [
      weight([3, 3, 2, 4], 1, 0.2),
      weight([4], 2, 0.1),
      weight([4], 3, 0.5),
      weight([4], 4, 0.1),
      weight([3, 3, 4, 1], 5, 0.2),
      weight([4, CLASSES], 6, 0.3),
      weight([CLASSES], 7, 0.1),
    ];
    const statistics = [weight([4], 8, 0, false), weight([4], 9, 0, false)];
    this.#anchors = this.weights.map((w) => tf.tidy(() => tf.mul(w, 1)));
    this.#slots = this.weights.map((w) => {
      const fresh = () => tf.tidy(() => tf.variable(tf.zerosLike(w), false));
      // The average begins as the weight itself: both share their data.
      return { m: fresh(), v: fresh(), average: tf.tidy(() => tf.variable(w.clone(), false)) };
    });
    this.state = [...this.weights, ...statistics, ...this.#slots.flatMap(({ m, v, average }) => [m, v, average])];
  }

  /** Gives the loss. @param decay of the moving average */
  readonly step = ({ image, label }: Batch, decay: Scalar): Scalar =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => this.#loss(image as Tensor4D, label), [...this.weights]);
      const gradients = this.weights.map(({ name }) => grads[name]!);
      const norm = tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))));
      const scale = tf.minimum(tf.div(CLIP, norm), 1);
      this.weights.forEach((w, i) => {
        const { m, v, average } = this.#slots[i]!;
        const gradient = tf.mul(gradients[i]!, scale);
        m.assign(tf.add(tf.mul(m, 0.9), tf.mul(gradient, 0.1)));
        v.assign(tf.add(tf.mul(v, 0.999), tf.mul(tf.square(gradient), 0.001)));
        w.assign(tf.sub(w, tf.mul(tf.div(m, tf.add(tf.sqrt(v), 1e-3)), RATE)));
        average.assign(tf.add(w, tf.mul(tf.sub(average, w), decay)));
      });
      return value;
    });

  /** Logits in inference, by the moving averages of batch norm. */
  readonly logits = ({ image }: { readonly image: Tensor }): { logits: Tensor } =>
    tf.tidy(() => {
      const [mean, variance] = this.#statistics();
      return {
        logits: this.#forward(image as Tensor4D, (x, gamma, beta) =>
          tf.batchNorm(x, mean as never, variance as never, beta as never, gamma as never, EPSILON),
        ),
      };
    });

  #loss(image: Tensor4D, label: Tensor): Scalar {
    const logits = this.#forward(image, (x, gamma, beta) => {
      const { y, batchMean, batchVariance } = batchNormTrain(x, gamma, beta, EPSILON);
      const [mean, variance] = this.#statistics();
      mean!.assign(tf.add(tf.mul(mean!, 0.9), tf.mul(batchMean, 0.1)));
      variance!.assign(tf.add(tf.mul(variance!, 0.9), tf.mul(batchVariance, 0.1)));
      return y as Tensor4D;
    });
    const crossEntropy = tf.neg(tf.mean(tf.sum(tf.mul(label, tf.logSoftmax(logits)), -1)));
    const distance = this.weights.map((w, i) => tf.sum(tf.square(tf.sub(w, this.#anchors[i]!))));
    return distance.reduce((sum, term) => tf.add(sum, tf.mul(term, PENALTY)), crossEntropy) as Scalar;
  }

  #forward(image: Tensor4D, norm: (x: Tensor4D, gamma: Tensor, beta: Tensor) => Tensor4D): Tensor2D {
    const [kernel, bias, gamma, beta, filter, dense, offset] = this.weights as readonly Tensor[];
    const first = tf.relu6(norm(tf.add(tf.conv2d(image, kernel as Tensor4D, 2, 'same'), bias!), gamma!, beta!));
    const second = tf.add(first, tf.relu(tf.depthwiseConv2d(first, filter as Tensor4D, 1, 'same')));
    return tf.add(tf.matMul(tf.mean<Tensor2D>(second, [1, 2]), dense as Tensor2D), offset!);
  }

  #statistics(): readonly Variable[] {
    return this.state.slice(this.weights.length, this.weights.length + 2);
  }

  dispose(): void {
    tf.dispose([...this.state, ...this.#anchors]);
  }
}

/** Pictures `[size, 8, 8, 2]` and their classes. */
export function batch(size: number, seed: number): Batch {
  const label = Float32Array.from({ length: size * CLASSES }, (_, i) =>
    Math.floor(i / CLASSES) % CLASSES === i % CLASSES ? 1 : 0,
  );
  return {
    image: tf.tensor(values([size, 8, 8, 2], seed).values, [size, 8, 8, 2]),
    label: tf.tensor(label, [size, CLASSES]),
  };
}
