import type { Sample } from '../domains/target-domain.ts';
import type { Encoder } from './encoder.ts';

/** The encoder for samples whose truth is not to be looked at: it has no targets, and `target` is never called. */
export function withoutTargets<S extends Sample>(encoder: Encoder<S>): Encoder<S> {
  return {
    key: encoder.key,
    inputs: encoder.inputs,
    rows: encoder.rows,
    targets: {},
    encode: (sample, view) => encoder.encode(sample, view),
    target: () => ({}),
    fit: encoder.fit && ((inputs, size) => encoder.fit!(inputs, size)),
    length: encoder.length && ((sample) => encoder.length!(sample)),
    combining: encoder.combining && ((others) => encoder.combining!(others)),
  };
}
