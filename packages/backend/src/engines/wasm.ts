import { createRequire } from 'node:module';
import type { TriedEngine } from './try-engine.ts';
import { loadUnion } from './union.ts';

/**
 * WebAssembly: inference, and training of heads on cached features. It has no
 * Conv2DBackpropFilter, so it cannot train convolutions: its reason says so, and a phase that would is refused.
 */
export async function openWasm(): Promise<TriedEngine> {
  loadUnion();
  const { version_wasm } = createRequire(import.meta.url)('@tensorflow/tfjs-backend-wasm') as { version_wasm: string };
  return {
    engine: { name: 'wasm', device: 'cpu', tfjsName: 'wasm', details: { wasm: version_wasm } },
    why: `WebAssembly ${version_wasm}, which cannot train convolutions`,
  };
}
