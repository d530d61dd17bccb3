import * as tf from '@tensorflow/tfjs-core';
import type { TriedEngine } from './try-engine.ts';
import { loadUnion } from './union.ts';

/** Plain JavaScript: everything works, a hundred times slower. */
export async function openPlain(): Promise<TriedEngine> {
  loadUnion();
  // It prints an advertisement for tfjs-node at its first op.
  (tf.findBackend('cpu') as unknown as { firstUse: boolean }).firstUse = false;
  return {
    engine: { name: 'cpu', device: 'cpu', tfjsName: 'cpu', details: {} },
    why: 'plain JavaScript, which is very slow',
  };
}
