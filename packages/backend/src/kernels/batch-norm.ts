import { FUSED_BATCH_NORM_TRAIN } from '@headstart/core/backend';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeKernelBackend } from '../tfjs-node/kernel-backend.ts';
import { attribute, runKernels, setGradient, setKernel, type Gradients } from './registration.ts';

const GRADIENT = 'FusedBatchNormGradV3';

/**
 * Batch norm in training as FusedBatchNormV3 and its gradient op, and the gradient of batch norm
 * with frozen statistics by the same op, in place of chains of element-wise work.
 */
export function registerBatchNorm(): void {
  setKernel(FUSED_BATCH_NORM_TRAIN, ({ inputs: { x, gamma, beta }, attrs, backend }) =>
    asImages([x!], ([x4d]) => trainForward(backend, x4d!, gamma!, beta!, attrs.epsilon as number)),
  );
  setKernel(GRADIENT, ({ inputs, attrs, backend }) => {
    const { dy, x, gamma, reserve1, reserve2, reserve3 } = inputs;
    return asImages([dy!, x!], ([dy4d, x4d]) => {
      const outputs = backend.executeMultipleOutputs(
        GRADIENT,
        batchNormAttributes(attrs.epsilon as number, attrs.isTraining as boolean),
        [dy4d!, x4d!, gamma!, reserve1!, reserve2!, reserve3!],
        5,
      );
      // The last two outputs are placeholders of the op's signature.
      tf.dispose(outputs.slice(3));
      return outputs.slice(0, 3);
    });
  });

  const saves = { inputsToSave: ['x', 'gamma'], outputsToSave: [false, false, false, true, true, true] };
  setGradient(FUSED_BATCH_NORM_TRAIN, saves, (dy, [x, gamma, reserve1, reserve2, reserve3], attrs) => {
    const [y] = dy as unknown as Tensor[];
    const { epsilon } = attrs as { epsilon: number };
    return gradients(y!, x!, gamma!, [reserve1!, reserve2!, reserve3!], { epsilon, isTraining: true }, [
      'x',
      'gamma',
      'beta',
    ]);
  });

  const frozen = { inputsToSave: ['x', 'mean', 'variance', 'scale'] };
  const unfused = tf.getGradient('FusedBatchNorm').gradFunc as unknown as (
    dy: Tensor,
    saved: Tensor[],
    attrs: object,
  ) => Gradients;
  setGradient('FusedBatchNorm', frozen, (dy, saved, attrs) => {
    const [x, mean, variance, gamma] = saved as [Tensor, Tensor, Tensor, Tensor];
    if (x.rank !== 4 || mean.rank !== 1) return unfused(dy, saved, attrs);
    const epsilon = (attrs as { varianceEpsilon: number }).varianceEpsilon;
    const map = gradients(dy, x, gamma, [mean, variance, tf.tensor1d([])], { epsilon, isTraining: false }, [
      'x',
      'scale',
      'offset',
    ]);
    // With r = rsqrt(variance + epsilon): dmean = -doffset * gamma * r, dvariance = -dscale * gamma * r^2 / 2.
    const inverse = () => tf.rsqrt(tf.add(variance, epsilon));
    return {
      ...map,
      mean: () => tf.neg(tf.mul(tf.mul(map.offset!(), gamma), inverse())),
      variance: () => tf.mul(tf.mul(tf.mul(map.scale!(), gamma), tf.square(inverse())), -0.5),
    };
  });
}

/**
 * Runs `work` on inputs of shape `[batch, height, width, channels]`, which is all the op takes: any
 * other rank is reshaped to `[n, 1, 1, channels]`, and the first output back.
 */
function asImages(inputs: TensorInfo[], work: (inputs: TensorInfo[]) => Tensor[]): Tensor[] {
  const { shape } = inputs[0]!;
  if (shape.length === 4) return work(inputs);
  const channels = shape.at(-1)!;
  const reshaped = inputs.map((input) => tf.reshape(input as Tensor, [-1, 1, 1, channels]));
  const [first, ...others] = work(reshaped);
  const result = tf.reshape(first!, shape);
  tf.dispose([...reshaped, first!]);
  return [result, ...others];
}

/** `[y, mean, biased variance, three tensors that the gradient op wants]`. */
function trainForward(
  backend: NodeKernelBackend,
  x: TensorInfo,
  gamma: TensorInfo,
  beta: TensorInfo,
  epsilon: number,
): Tensor[] {
  const none = tf.tensor1d([]);
  const [y, mean, corrected, ...reserves] = backend.executeMultipleOutputs(
    'FusedBatchNormV3',
    [...batchNormAttributes(epsilon, true), attribute.float('exponential_avg_factor', 1)],
    [x, gamma, beta, none, none],
    6,
  );
  // The op corrects the variance by n / (n - 1) for the running average; ours is divided by n.
  const n = x.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const factor = tf.scalar(Math.max(n - 1, 1) / n);
  const variance = backend.executeSingleOutput('Mul', [attribute.type('T', 'float32')], [corrected!, factor]);
  tf.dispose([none, factor, corrected!]);
  return [y!, mean!, variance, ...reserves];
}

/** The gradient op's three results under the names of the forward kernel's inputs. */
function gradients(
  dy: Tensor,
  x: Tensor,
  gamma: Tensor,
  [reserve1, reserve2, reserve3]: [Tensor, Tensor, Tensor],
  attrs: { epsilon: number; isTraining: boolean },
  names: readonly [string, string, string],
): Gradients {
  // One call gives all three; tfjs asks for each in a scope of its own, so it is made outside them.
  const results = runKernels(GRADIENT, { dy, x, gamma, reserve1, reserve2, reserve3 }, attrs);
  return Object.fromEntries(names.map((name, index) => [name, () => results[index]!]));
}

function batchNormAttributes(epsilon: number, isTraining: boolean) {
  return [
    attribute.type('T', 'float32'),
    attribute.type('U', 'float32'),
    attribute.float('epsilon', epsilon),
    attribute.string('data_format', 'NHWC'),
    attribute.bool('is_training', isTraining),
  ];
}
