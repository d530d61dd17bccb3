import { HeadstartError, nearestName } from '@headstart/core';
import type { EncoderLocation } from '../encoders/open-encoder.ts';
import { POOLINGS, type Pooling } from '../encoders/pooling.ts';

const OPTIONS = ['pooling', 'normalise', 'length'];
const EXAMPLE = 'encoder:./model#pooling=mean,normalise=yes,length=128';
const MOST_TOKENS = 512;

/**
 * Reads what follows `encoder:`. Options stand after `#`, separated by commas.
 * @throws HeadstartError `invalid-option`
 */
export function parseEncoderReference(rest: string): EncoderLocation {
  const hash = rest.indexOf('#');
  const location = hash < 0 ? rest : rest.slice(0, hash);
  if (location === '') throw invalid(rest, 'names no model', `Write it as ${EXAMPLE}.`);
  const options = new Map<string, string>();
  for (const part of hash < 0 ? [] : rest.slice(hash + 1).split(',')) {
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/.exec(part) ?? [];
    if (!OPTIONS.includes(key) || value === '') {
      const near = nearestName(key, OPTIONS);
      throw invalid(rest, `has the option "${part}"`, `${near && near !== key ? `Did you mean "${near}=…"? ` : ''}Options are ${OPTIONS.join(', ')}: ${EXAMPLE}.`);
    }
    if (options.has(key)) throw invalid(rest, `gives ${key} twice`, 'Give each option once.');
    options.set(key, value);
  }
  const [pooling, normalise, length] = OPTIONS.map((key) => options.get(key));
  return {
    location,
    settings: {
      ...(pooling !== undefined && { pooling: poolingNamed(rest, pooling) }),
      ...(normalise !== undefined && { normalise: yesOrNo(rest, normalise) }),
      ...(length !== undefined && { length: tokens(rest, length) }),
    },
  };
}

function poolingNamed(rest: string, name: string): Pooling {
  const found = POOLINGS.find((pooling) => pooling === name);
  if (found) return found;
  const near = nearestName(name, POOLINGS);
  throw invalid(rest, `has pooling=${name}`, `${near ? `Did you mean "${near}"? ` : ''}Choose one of ${POOLINGS.join(', ')}.`);
}

function yesOrNo(rest: string, text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw invalid(rest, `has normalise=${text}`, 'Write normalise=yes or normalise=no.');
}

function tokens(rest: string, text: string): number {
  const length = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (length >= 8 && length <= MOST_TOKENS) return length;
  throw invalid(rest, `has length=${text}`, `Give a whole number of tokens from 8 to ${MOST_TOKENS}.`);
}

function invalid(rest: string, what: string, hint: string): HeadstartError {
  return new HeadstartError({ code: 'invalid-option', message: `The source "encoder:${rest}" ${what}.`, hint });
}
