import * as tf from '@tensorflow/tfjs-core';
import { enginePackage } from './engine-package.ts';
import type { TriedEngine } from './try-engine.ts';

/** Plain JavaScript: everything works, a hundred times slower. */
export async function openPlain(): Promise<TriedEngine> {
  await enginePackage('@tensorflow/tfjs-backend-cpu', () => import('@tensorflow/tfjs-backend-cpu'));
  // It prints an advertisement for tfjs-node at its first op.
  (tf.findBackend('cpu') as unknown as { firstUse: boolean }).firstUse = false;
  return {
    engine: { name: 'cpu', device: 'cpu', tfjsName: 'cpu', details: {} },
    why: 'plain JavaScript, which is very slow',
  };
}
