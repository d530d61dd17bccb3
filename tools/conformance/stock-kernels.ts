import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';

const require = createRequire(import.meta.url);

/**
 * Remembers TensorFlow.js's own gradients; what it returns puts them and tfjs-node's kernels back in
 * place of those of a backend that has been opened since.
 *
 * @param backendName as registered with TensorFlow.js
 */
export function rememberStock(backendName: string): () => void {
  const names = (Object.values(tf) as unknown[]).filter((value) => typeof value === 'string');
  const gradients = new Map(names.map((name) => [name, tf.getGradient(name)]));
  return () => {
    for (const [name, gradient] of gradients) {
      if (tf.getGradient(name)) tf.unregisterGradient(name);
      if (gradient) tf.registerGradient(gradient);
    }
    for (const { kernelName } of tf.getKernelsForBackend(backendName)) tf.unregisterKernel(kernelName, backendName);
    const registration = '@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js';
    delete require.cache[require.resolve(registration)];
    require(registration);
  };
}
