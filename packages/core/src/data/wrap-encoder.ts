import type { Sample } from '../domains/target-domain.ts';
import { withMembers } from '../network/with-members.ts';
import type { Encoder } from './encoder.ts';

/** The encoder with some members replaced, or taken away by `undefined`; all others stay, also those that core does not know. */
export function wrapEncoder<S extends Sample>(encoder: Encoder<S>, members: Partial<Encoder<S>>): Encoder<S> {
  return withMembers(encoder, members);
}
