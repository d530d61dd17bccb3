import { parseSourceReference, type SourceReference } from '@headstart/core';
import type { EncoderLocation } from '../encoders/folder-origin.ts';
import { POOLINGS } from '../encoders/pooling.ts';
import { MOST_WINDOWS, WORDS, type SentenceSettings } from '../encoders/sentence-settings.ts';

const FORMAT = {
  scheme: 'encoder',
  options: ['pooling', 'normalise', 'length', 'windows', 'prefix', 'words'],
  example: 'encoder:./model#pooling=mean,normalise=yes,length=128',
} as const;
const LEAST_TOKENS = 8;
const MOST_TOKENS = 8192;

/**
 * Reads what follows `encoder:`.
 * @throws HeadstartError `invalid-option`
 */
export function parseEncoderReference(rest: string): EncoderLocation {
  const reference = parseSourceReference(FORMAT, rest);
  return { location: reference.location, settings: settingsOf(reference) };
}

/**
 * Reads what follows the colon of a source that has settings but no location: `minilm-l6:length=512,windows=4`.
 * @throws HeadstartError `invalid-option`
 */
export function parseEncoderOptions(scheme: string, rest: string): Partial<SentenceSettings> {
  const format = { ...FORMAT, scheme, located: false, example: `${scheme}:length=128,windows=4` } as const;
  return settingsOf(parseSourceReference(format, rest));
}

function settingsOf(reference: SourceReference<(typeof FORMAT)['options'][number]>): Partial<SentenceSettings> {
  const pooling = reference.choice('pooling', POOLINGS);
  const normalise = reference.choice('normalise', ['yes', 'no']);
  const length = reference.number('length', LEAST_TOKENS, MOST_TOKENS);
  const windows = reference.number('windows', 1, MOST_WINDOWS);
  const prefix = reference.options.get('prefix');
  const words = reference.choice('words', WORDS);
  return {
    ...(pooling !== undefined && { pooling }),
    ...(normalise !== undefined && { normalise: normalise === 'yes' }),
    ...(length !== undefined && { length }),
    ...(windows !== undefined && { windows }),
    ...(prefix !== undefined && { prefix }),
    ...(words !== undefined && { words }),
  };
}
