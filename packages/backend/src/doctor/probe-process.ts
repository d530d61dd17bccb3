import * as tf from '@tensorflow/tfjs-core';
import type { BackendName } from '../choice/options.ts';
import { loadedLibrary } from '../libtensorflow/open.ts';
import { openBackend } from '../open-backend.ts';
import { openedAdapter } from '../webgpu/open.ts';
import type { ProbeAnswer } from './probe-engine.ts';

/** Kernels without which no convolution learns. */
const CONVOLUTION_TRAINING = [
  'Conv2D',
  'Conv2DBackpropInput',
  'Conv2DBackpropFilter',
  'DepthwiseConv2dNativeBackpropFilter',
];

/** The program that `probeEngine` starts: opens one engine, takes a training step, and says how it went. */
async function probe(name: BackendName): Promise<ProbeAnswer> {
  try {
    const backend = await openBackend({ prefer: name, install: false });
    await smoke();
    return {
      report: {
        name,
        usable: true,
        device: backend.device,
        reason: backend.reason,
        details: { ...backend.details },
        trainsConvolutions: CONVOLUTION_TRAINING.every((kernel) => tf.getKernel(kernel, tf.getBackend()) !== undefined),
      },
      devices: loadedLibrary()?.devices,
      adapter: openedAdapter(),
    };
  } catch (cause) {
    return { report: { name, usable: false, reason: cause instanceof Error ? cause.message : String(cause) } };
  }
}

/** The gradient of sum((x w)^2) in w for x = [[1, 2]], w = [[3], [4]] is 2 * 11 * [[1], [2]]. */
async function smoke(): Promise<void> {
  const result = tf.tidy(() =>
    tf.grad((w) => tf.sum(tf.square(tf.matMul(tf.tensor2d([[1, 2]]), w as tf.Tensor2D))))(tf.tensor2d([[3], [4]])),
  );
  const gradient = await result.data();
  if (gradient[0] !== 22 || gradient[1] !== 44)
    throw new Error(`it gives the gradient ${gradient.join(', ')} where 22, 44 is right`);
}

process.send!(await probe(process.argv[2] as BackendName), () => process.exit(0));
