import type { Sample } from '../domains/target-domain.ts';
import type { HostTensors } from '../network/tensors.ts';
import type { Encoder } from './encoder.ts';

/** Encoded samples kept a split, in bytes: a few hundred pictures of 224 x 224, a few thousand of 64 x 64. */
const LIMIT = 96 * 2 ** 20;

/**
 * The encoder with its plain encodings kept in memory up to a limit, so that a small data set is
 * decoded once and not once an epoch. What comes first stays: when samples come round in turn, that
 * finds more of them than to drop the one unused for longest.
 */
export function keepingEncodings<S extends Sample>(encoder: Encoder<S>, limit = LIMIT): Encoder<S> {
  const kept = new Map<string, HostTensors>();
  let bytes = 0;
  return {
    key: encoder.key,
    inputs: encoder.inputs,
    targets: encoder.targets,
    rows: encoder.rows,
    target: (sample, view) => encoder.target(sample, view),
    fit: encoder.fit && ((inputs, size) => encoder.fit!(inputs, size)),
    length: encoder.length && ((sample) => encoder.length!(sample)),
    combining: encoder.combining && ((others) => encoder.combining!(others)),
    mix: encoder.mix && ((batch, random) => encoder.mix!(batch, random)),
    async encode(sample, view) {
      if (view.kind !== 'plain') return encoder.encode(sample, view);
      const found = kept.get(sample.digest);
      if (found) return found;
      const encoded = await encoder.encode(sample, view);
      const size = Object.values(encoded).reduce((sum, { byteLength }) => sum + byteLength, 0);
      if (bytes + size <= limit && !kept.has(sample.digest)) {
        kept.set(sample.digest, encoded);
        bytes += size;
      }
      return encoded;
    },
  };
}
