import { enginePackage } from './engine-package.ts';
import type { TriedEngine } from './try-engine.ts';

/**
 * WebAssembly: inference, and training of heads on cached features. It has no
 * Conv2DBackpropFilter, so it cannot train convolutions: its reason says so, and a phase that would is refused.
 */
export async function openWasm(): Promise<TriedEngine> {
  const { version_wasm } = await enginePackage(
    '@tensorflow/tfjs-backend-wasm',
    () => import('@tensorflow/tfjs-backend-wasm'),
  );
  return {
    engine: { name: 'wasm', device: 'cpu', tfjsName: 'wasm', details: { wasm: version_wasm } },
    why: `WebAssembly ${version_wasm}, which cannot train convolutions`,
  };
}
