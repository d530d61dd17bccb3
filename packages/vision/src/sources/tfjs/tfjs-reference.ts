import { parseSourceReference, type SourceReference } from '@headstart/core';

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
  /** (pixel - mean) / deviation, one number or one per channel; by default 0 and 255, so that inputs lie in 0 to 1. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** The order of three channels in the input; RGB where absent. */
  readonly order?: 'BGR';
}

const FORMAT = {
  scheme: 'tfjs',
  options: ['layer', 'features', 'size', 'mean', 'deviation', 'order'],
  lists: ['features'],
  example: 'tfjs:./model.json#size=224,mean=127.5,deviation=127.5,layer=global_average_pooling2d',
} as const;
const MOST_PIXELS = 4096;

type Reference = SourceReference<(typeof FORMAT)['options'][number]>;

/**
 * Reads what follows `tfjs:`. Options stand after `#`, separated by commas; numbers per channel by slashes
 * (`mean=123.7/116.3/103.5`), sides by x (`size=224x192`, height first), feature maps by commas
 * (`features=block_6/add,block_13/add,block_16/add`).
 *
 * @throws HeadstartError `invalid-option`
 */
export function parseTfjsReference(rest: string): TfjsReference {
  const reference = parseSourceReference(FORMAT, rest);
  const { location, options } = reference;
  const features = options.get('features')?.split(',');
  if (features && options.has('layer'))
    throw reference.invalid(
      'gives both layer and features',
      'Give features for several maps, as detectors need them, and layer for one.',
    );
  if (features && new Set(features).size < features.length)
    throw reference.invalid('names a feature twice', 'Name each map once.');
  const deviation = numbers(reference, 'deviation', options.get('deviation') ?? '255');
  if (deviation.includes(0))
    throw reference.invalid('has a deviation of 0', 'Pixels are divided by it: give a number other than 0.');
  return {
    location,
    layer: options.get('layer'),
    features,
    size: options.has('size') ? sizeOf(reference, options.get('size')!) : undefined,
    mean: numbers(reference, 'mean', options.get('mean') ?? '0'),
    deviation,
    order: orderOf(reference, options.get('order')),
  };
}

function orderOf(reference: Reference, text: string | undefined): 'BGR' | undefined {
  if (text === undefined || /^rgb$/i.test(text)) return undefined;
  if (/^bgr$/i.test(text)) return 'BGR';
  throw reference.invalid(`has order=${text}`, 'Channels come as order=rgb, the default, or order=bgr.');
}

function numbers(reference: Reference, key: string, text: string): number[] {
  const values = text.split('/').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (!values.every(Number.isFinite) || ![1, 3].includes(values.length)) {
    throw reference.invalid(
      `has ${key}=${text}`,
      `Give one number, or one per channel separated by slashes: ${key}=123.7/116.3/103.5.`,
    );
  }
  return values;
}

function sizeOf(reference: Reference, text: string): [number, number] {
  const [, height, width = height] = /^(\d{1,5})(?:x(\d{1,5}))?$/.exec(text) ?? [];
  const size: [number, number] = [Number(height ?? 0), Number(width ?? 0)];
  if (!size.every((side) => side >= 1 && side <= MOST_PIXELS)) {
    throw reference.invalid(
      `has size=${text}`,
      `Give a side from 1 to ${MOST_PIXELS} pixels, or height and width: size=224 or size=224x192.`,
    );
  }
  return size;
}
