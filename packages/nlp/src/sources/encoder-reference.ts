import { parseSourceReference, type SourceReference } from '@headstart/core';
import type { EncoderLocation } from '../encoders/folder-origin.ts';
import { POOLINGS } from '../encoders/pooling.ts';
import { WORDS } from '../encoders/sentence-settings.ts';

const FORMAT = {
  scheme: 'encoder',
  options: ['pooling', 'normalise', 'length', 'prefix', 'words'],
  example: 'encoder:./model#pooling=mean,normalise=yes,length=128',
} as const;
const MOST_TOKENS = 512;

/**
 * Reads what follows `encoder:`.
 * @throws HeadstartError `invalid-option`
 */
export function parseEncoderReference(rest: string): EncoderLocation {
  const reference = parseSourceReference(FORMAT, rest);
  const pooling = reference.choice('pooling', POOLINGS);
  const normalise = reference.choice('normalise', ['yes', 'no']);
  const length = lengthOf(reference);
  const prefix = reference.options.get('prefix');
  const words = reference.choice('words', WORDS);
  return {
    location: reference.location,
    settings: {
      ...(pooling !== undefined && { pooling }),
      ...(normalise !== undefined && { normalise: normalise === 'yes' }),
      ...(length !== undefined && { length }),
      ...(prefix !== undefined && { prefix }),
      ...(words !== undefined && { words }),
    },
  };
}

function lengthOf(reference: SourceReference<(typeof FORMAT)['options'][number]>): number | undefined {
  const text = reference.options.get('length');
  if (text === undefined) return undefined;
  const length = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (length >= 8 && length <= MOST_TOKENS) return length;
  throw reference.invalid(`has length=${text}`, `Give a whole number of tokens from 8 to ${MOST_TOKENS}.`);
}
