import { HeadstartError, type HostBatch, type RandomStream } from '@headstart/core';
import { unknownName } from '@headstart/artifacts/errors';
import type { Box, Colour, Pixels, Size } from '@headstart/core/images';
import { colorJitter } from './color-jitter.ts';
import { flip } from './geometry.ts';
import { cutMix, mixup, type MixPlace } from './mix-batch.ts';
import { MAX_MAGNITUDE, randAugment, type RandAugmentOptions } from './rand-augment.ts';
import { randomCrop } from './random-crop.ts';

/** How training pictures are altered. Every draw comes from the stream that is handed in. */
export interface Policy {
  /** The part of a picture to keep, at about this width over height; without it, what an unaltered picture shows. */
  readonly box?: (size: Size, aspect: number, random: RandomStream) => Box;
  readonly alter: (pixels: Pixels, random: RandomStream, background: Colour) => Pixels;
  readonly mix?: (batch: HostBatch, random: RandomStream, place: MixPlace) => HostBatch;
}

const JITTER = 0.4;
const RAND_AUGMENT: RandAugmentOptions = { count: 2, magnitude: 9 };

const maybeFlip = (pixels: Pixels, random: RandomStream) => (random.int(2) === 0 ? pixels : flip(pixels));
const cropTo =
  (smallest: number): Policy['box'] =>
  (size, aspect, random) =>
    randomCrop(size, aspect, smallest, random);

function randAugmentPolicy(options: RandAugmentOptions): Policy {
  return {
    box: cropTo(0.25),
    alter: (pixels, random, background) => randAugment(maybeFlip(pixels, random), options, random, background),
  };
}

const POLICIES: Readonly<Record<string, Policy>> = {
  none: { alter: (pixels) => pixels },
  light: { box: cropTo(0.5), alter: maybeFlip },
  standard: { box: cropTo(0.25), alter: (pixels, random) => colorJitter(maybeFlip(pixels, random), JITTER, random) },
  randaugment: randAugmentPolicy(RAND_AUGMENT),
};

const MIXES: Readonly<Record<string, NonNullable<Policy['mix']>>> = { mixup, cutmix: cutMix };

/** Every policy by name: `none`, `light`, `standard`, `randaugment`, each also with `+mixup` or `+cutmix`. */
export const AUGMENTATIONS: readonly string[] = Object.keys(POLICIES).flatMap((name) => [
  name,
  ...Object.keys(MIXES).map((mix) => `${name}+${mix}`),
]);

/**
 * The policy of a name from {@link AUGMENTATIONS}. `randaugment:3:15` sets the number of operations
 * (2 by default) and their magnitude from 0 to 30 (9 by default).
 * @throws HeadstartError `unknown-name`, `invalid-option`
 */
export function parsePolicy(name: string): Policy {
  const [base, mixName, more] = name.split('+');
  const policy = base!.startsWith('randaugment:') ? tunedRandAugment(base!) : own(POLICIES, base!);
  const mix = mixName === undefined ? undefined : own(MIXES, mixName);
  if (!policy || more !== undefined || (mixName !== undefined && !mix))
    throw unknownName('augmentation', name, AUGMENTATIONS);
  return { ...policy, mix };
}

function tunedRandAugment(name: string): Policy {
  const [, count, magnitude, more] = name.split(':').map(Number);
  const whole = Number.isInteger(count) && count! >= 1 && more === undefined;
  if (!whole || !(magnitude! >= 0 && magnitude! <= MAX_MAGNITUDE)) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `The augmentation "${name}" is not valid.`,
      hint: `Write randaugment:<operations>:<magnitude>, with at least 1 operation and a magnitude from 0 to ${MAX_MAGNITUDE}, such as randaugment:2:9.`,
    });
  }
  return randAugmentPolicy({ count: count!, magnitude: magnitude! });
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
