import { HeadstartError, nearestName } from '@headstart/core';

/** What `tfjs:<location>#<options>` says. */
export interface TfjsReference {
  /** Path, `https:` address or artifact URI of a `model.json` or of its folder. */
  readonly location: string;
  /** The layer (LayersModel) or node (GraphModel) whose output is the feature. */
  readonly layer?: string;
  /** In place of `layer`: the layers or nodes whose outputs are feature maps, several of them. */
  readonly features?: readonly string[];
  /** Input size in pixels, where the model leaves it open. */
  readonly size?: readonly [height: number, width: number];
  /** (pixel - mean) / deviation, one number or one a channel; by default 0 and 255, so that inputs lie in 0 to 1. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** The order of three channels in the input; RGB where absent. */
  readonly order?: 'BGR';
}

const OPTIONS = ['layer', 'features', 'size', 'mean', 'deviation', 'order'];
const EXAMPLE = 'tfjs:./model.json#size=224,mean=127.5,deviation=127.5,layer=global_average_pooling2d';
const MOST_PIXELS = 4096;

/**
 * Reads what follows `tfjs:`. Options stand after `#`, separated by commas; numbers a channel by slashes
 * (`mean=123.7/116.3/103.5`), sides by x (`size=224x192`, height first), feature maps by commas
 * (`features=block_6/add,block_13/add,block_16/add`).
 *
 * @throws HeadstartError `invalid-option`
 */
export function parseTfjsReference(rest: string): TfjsReference {
  const hash = rest.indexOf('#');
  const location = hash < 0 ? rest : rest.slice(0, hash);
  if (location === '') throw invalid(rest, 'names no model', `Write it as ${EXAMPLE}.`);
  const options = new Map<string, string>();
  let last = '';
  for (const part of hash < 0 ? [] : rest.slice(hash + 1).split(',')) {
    if (last === 'features' && part !== '' && !part.includes('=')) {
      options.set(last, `${options.get(last)},${part}`);
      continue;
    }
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/.exec(part) ?? [];
    if (!OPTIONS.includes(key) || value === '') {
      const near = nearestName(key, OPTIONS);
      throw invalid(rest, `has the option "${part}"`, `${near && near !== key ? `Did you mean "${near}=…"? ` : ''}Options are ${OPTIONS.join(', ')}: ${EXAMPLE}.`);
    }
    if (options.has(key)) throw invalid(rest, `gives ${key} twice`, 'Give each option once.');
    options.set(key, value);
    last = key;
  }
  const features = options.get('features')?.split(',');
  if (features && options.has('layer')) throw invalid(rest, 'gives both layer and features', 'Give features for several maps, as detectors need them, and layer for one.');
  if (features && new Set(features).size < features.length) throw invalid(rest, 'names a feature twice', 'Name each map once.');
  const deviation = numbers(rest, 'deviation', options.get('deviation') ?? '255');
  if (deviation.includes(0)) throw invalid(rest, 'has a deviation of 0', 'Pixels are divided by it: give a number other than 0.');
  return {
    location,
    layer: options.get('layer'),
    features,
    size: options.has('size') ? sizeOf(rest, options.get('size')!) : undefined,
    mean: numbers(rest, 'mean', options.get('mean') ?? '0'),
    deviation,
    order: orderOf(rest, options.get('order')),
  };
}

function orderOf(rest: string, text: string | undefined): 'BGR' | undefined {
  if (text === undefined || /^rgb$/i.test(text)) return undefined;
  if (/^bgr$/i.test(text)) return 'BGR';
  throw invalid(rest, `has order=${text}`, 'Channels come as order=rgb, the default, or order=bgr.');
}

function numbers(rest: string, key: string, text: string): number[] {
  const values = text.split('/').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (!values.every(Number.isFinite) || ![1, 3].includes(values.length)) {
    throw invalid(rest, `has ${key}=${text}`, `Give one number, or one a channel separated by slashes: ${key}=123.7/116.3/103.5.`);
  }
  return values;
}

function sizeOf(rest: string, text: string): [number, number] {
  const [, height, width = height] = /^(\d{1,5})(?:x(\d{1,5}))?$/.exec(text) ?? [];
  const size: [number, number] = [Number(height ?? 0), Number(width ?? 0)];
  if (!size.every((side) => side >= 1 && side <= MOST_PIXELS)) {
    throw invalid(rest, `has size=${text}`, `Give a side from 1 to ${MOST_PIXELS} pixels, or height and width: size=224 or size=224x192.`);
  }
  return size;
}

function invalid(rest: string, what: string, hint: string): HeadstartError {
  return new HeadstartError({ code: 'invalid-option', message: `The source "tfjs:${rest}" ${what}.`, hint });
}
