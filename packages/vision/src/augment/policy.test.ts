import { RandomStream, type HostBatch } from '@headstart/core';
import type { Pixels } from '@headstart/core/images';
import { describe, expect, it } from 'vitest';
import { cutMix, mixup } from './mix-batch.ts';
import { AUGMENTATIONS, parsePolicy } from './policy.ts';
import { randAugment, randAugmentOps } from './rand-augment.ts';
import { randomCrop } from './random-crop.ts';

const WHITE = [255, 255, 255] as const;
const noise = new RandomStream('policy test');
const pixels: Pixels = {
  width: 32,
  height: 24,
  data: Uint8Array.from({ length: 32 * 24 * 3 }, () => 20 + noise.int(200)),
};

describe('policies', () => {
  it('lists every base with and without mixing', () => {
    expect(AUGMENTATIONS).toHaveLength(12);
    expect(AUGMENTATIONS).toEqual(expect.arrayContaining(['none', 'standard+mixup', 'randaugment+cutmix']));
  });

  for (const name of [...AUGMENTATIONS, 'randaugment:3:15']) {
    it(`${name}: the same stream gives the same bytes and leaves the input alone`, () => {
      const { alter, box } = parsePolicy(name);
      const before = pixels.data.slice();
      const first = alter(pixels, new RandomStream('a'), WHITE);
      expect(alter(pixels, new RandomStream('a'), WHITE)).toEqual(first);
      expect(pixels.data).toEqual(before);
      const size = { width: 640, height: 480 };
      expect(box?.(size, 1, new RandomStream('b'))).toEqual(box?.(size, 1, new RandomStream('b')));
      const others = Array.from({ length: 8 }, (_, i) => alter(pixels, new RandomStream(i), WHITE).data);
      expect(others.every((data) => Buffer.from(data).equals(before))).toBe(name.startsWith('none'));
    });
  }

  it('names the nearest policy for a slip, and what RandAugment takes', () => {
    expect(() => parsePolicy('randagument')).toThrow(
      expect.objectContaining({ code: 'unknown-name', hint: expect.stringContaining('"randaugment"') as string }),
    );
    for (const wrong of ['none+blur', 'light+mixup+cutmix', '', 'constructor', 'toString+mixup'])
      expect(() => parsePolicy(wrong)).toThrow('Unknown augmentation');
    for (const wrong of [
      'randaugment:0:9',
      'randaugment:2:31',
      'randaugment:2',
      'randaugment:2:9:1',
      'randaugment:x:9',
    ]) {
      expect(() => parsePolicy(wrong)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
    }
  });
});

describe('random crop', () => {
  it('stays inside, keeps the area and the proportions it may have', () => {
    const random = new RandomStream('crop');
    let least = Infinity;
    for (let i = 0; i < 500; i++) {
      const { left, top, width, height } = randomCrop({ width: 300, height: 200 }, 1, 0.25, random);
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
      expect(left + width).toBeLessThanOrEqual(300 + 1e-9);
      expect(top + height).toBeLessThanOrEqual(200 + 1e-9);
      expect(width / height).toBeGreaterThanOrEqual(3 / 4 - 1e-9);
      expect(width / height).toBeLessThanOrEqual(4 / 3 + 1e-9);
      const share = (width * height) / 60_000;
      expect(share).toBeGreaterThanOrEqual(0.25 - 1e-9);
      least = Math.min(least, share);
    }
    expect(least).toBeLessThan(0.3);
  });

  it('takes the middle of a picture that no such box fits', () => {
    expect(randomCrop({ width: 1000, height: 10 }, 1, 0.5, new RandomStream(1))).toEqual({
      left: 495,
      top: 0,
      width: 10,
      height: 10,
    });
  });
});

describe('RandAugment', () => {
  it('has the 14 operations of the paper, each one identical at magnitude 0 but for those without one', () => {
    expect(Object.keys(randAugmentOps)).toHaveLength(14);
    const always = ['autoContrast', 'equalize'];
    for (const [name, op] of Object.entries(randAugmentOps)) {
      if (always.includes(name)) continue;
      expect(Buffer.from(op(pixels, 0, 1, WHITE).data).equals(pixels.data), name).toBe(true);
      if (name !== 'identity') expect(Buffer.from(op(pixels, 1, -1, WHITE).data).equals(pixels.data), name).toBe(false);
    }
  });

  it('draws every operation', () => {
    const drawn = new Set<string>();
    for (let i = 0; i < 200; i++)
      drawn.add(
        Buffer.from(randAugment(pixels, { count: 1, magnitude: 30 }, new RandomStream(i), WHITE).data).toString(
          'base64',
        ),
      );
    // Five have one outcome; four that change colours and five that move pixels have one per sign.
    expect(drawn.size).toBe(5 + 9 * 2);
  });
});

describe('mixing', () => {
  const SIZE = 4;
  const CLASSES = 4;
  const side = 8;
  /** Sample i is filled with i and has class i. */
  const batch: HostBatch = {
    size: SIZE,
    inputs: { image: Float32Array.from({ length: SIZE * side * side }, (_, at) => Math.floor(at / side / side)) },
    targets: {
      label: Float32Array.from({ length: SIZE * CLASSES }, (_, at) =>
        at % CLASSES === Math.floor(at / CLASSES) ? 1 : 0,
      ),
    },
  };
  const row = (values: ArrayLike<number>, i: number, n: number) => Array.from(values).slice(i * n, (i + 1) * n);

  it('blends inputs and targets by the same share', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { inputs, targets } = mixup(batch, new RandomStream(seed));
      for (let i = 0; i < SIZE; i++) {
        const weights = row(targets['label']!, i, CLASSES);
        expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
        const value = weights.reduce((sum, weight, label) => sum + weight * label, 0);
        for (const pixel of row(inputs['image']!, i, side * side)) expect(pixel).toBeCloseTo(value, 5);
      }
    }
  });

  it('replaces a rectangle and weighs the classes by its area', () => {
    let partly = 0;
    for (let seed = 0; seed < 20; seed++) {
      const { inputs, targets } = cutMix(batch, new RandomStream(seed), {
        input: 'image',
        height: side,
        width: side,
        channels: 1,
      });
      for (let i = 0; i < SIZE; i++) {
        const picture = row(inputs['image']!, i, side * side);
        const shares = Array.from(
          { length: CLASSES },
          (_, label) => picture.filter((value) => value === label).length / (side * side),
        );
        row(targets['label']!, i, CLASSES).forEach((weight, label) => expect(weight).toBeCloseTo(shares[label]!, 6));
        if (shares[i]! > 0 && shares[i]! < 1) partly++;
      }
    }
    expect(partly).toBeGreaterThan(20);
  });

  it('repeats itself, leaves the batch as it was, and says what CutMix needs', () => {
    const before = batch.inputs['image']!.slice();
    expect(mixup(batch, new RandomStream(3))).toEqual(mixup(batch, new RandomStream(3)));
    expect(batch.inputs['image']).toEqual(before);
    expect(() => cutMix(batch, new RandomStream(3), { input: 'pooled', height: 1, width: 1, channels: 8 })).toThrow(
      'CutMix needs pictures',
    );
  });
});
