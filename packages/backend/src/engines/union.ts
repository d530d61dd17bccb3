import { createRequire } from 'node:module';

/**
 * Loads `@tensorflow/tfjs`, whose start-up registers the gradients of all ops and the backend
 * `cpu` with the tfjs-core that everything here shares.
 */
export function loadUnion(): void {
  createRequire(import.meta.url)('@tensorflow/tfjs');
}
