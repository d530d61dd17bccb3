import type { Sample } from '../domains/target-domain.ts';
import type { HostTensors } from '../network/tensors.ts';
import type { Encoder } from './encoder.ts';
import { KeptValues } from './kept-values.ts';
import { wrapEncoder } from './wrap-encoder.ts';

/** Encoded samples kept per split, in bytes: a few hundred pictures of 224 x 224, a few thousand of 64 x 64. */
const LIMIT = 96 * 2 ** 20;

/** The encoder with its plain encodings kept in memory, so that a small data set is decoded once and not once per epoch. */
export function keepingEncodings<S extends Sample>(encoder: Encoder<S>, limit = LIMIT): Encoder<S> {
  const kept = new KeptValues<HostTensors>(bytesOf, limit);
  return wrapEncoder(encoder, {
    encode: (sample, view) =>
      view.kind === 'plain'
        ? kept.get(sample.digest, () => encoder.encode(sample, view))
        : encoder.encode(sample, view),
  });
}

function bytesOf(encoded: HostTensors): number {
  return Object.values(encoded).reduce((sum, { byteLength }) => sum + byteLength, 0);
}
