import type { Sample } from '../domains/target-domain.ts';
import type { Encoder } from './encoder.ts';
import { wrapEncoder } from './wrap-encoder.ts';

/** The encoder for samples whose truth is not to be looked at: it has no targets, and `target` is never called. */
export function withoutTargets<S extends Sample>(encoder: Encoder<S>): Encoder<S> {
  return wrapEncoder(encoder, { targets: {}, target: () => ({}), mix: undefined });
}
