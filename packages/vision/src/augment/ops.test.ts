import type { Colour, Pixels } from '@headstart/core/images';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { saturation, sharpness } from './area-ops.ts';
import { flip, rotation, shear, transform, translation } from './geometry.ts';
import { autoContrast, brightness, contrast, equalize, posterize, solarize } from './point-ops.ts';

function picture(width: number, height: number, value: (x: number, y: number, c: number) => number): Pixels {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) =>
    value(Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3),
  );
  return { width, height, data };
}

/** Blue has a narrow range. */
const small = picture(8, 6, (x, y, c) => {
  const value = (37 * x + 61 * y + 23 * c + 11 * x * y) % 256;
  return c === 2 ? (value >> 1) + 40 : value;
});
const large = picture(32, 40, (x, y, c) => Math.floor((x * x + 3 * y * y + 50 * c) / 9) % 200);
const sha256 = ({ data }: Pixels) => createHash('sha256').update(data).digest('hex');

/** What Pillow 13 (ImageOps, ImageEnhance) makes of the same pixels. */
const pillow = JSON.parse(readFileSync(new URL('fixtures/pillow-13.json', import.meta.url), 'utf8')) as Record<
  string,
  number[]
>;

describe('operations agree with Pillow, byte for byte', () => {
  const cases: Record<string, Pixels> = {
    posterize3: posterize(small, 3),
    solarize100: solarize(small, 100),
    autoContrast: autoContrast(small),
    equalize: equalize(small),
    brightness13: brightness(small, 1.3),
    brightness04: brightness(small, 0.4),
    contrast17: contrast(small, 1.7),
    contrast03: contrast(small, 0.3),
    color16: saturation(small, 1.6),
    color02: saturation(small, 0.2),
    sharpness18: sharpness(small, 1.8),
    sharpness03: sharpness(small, 0.3),
  };
  for (const [name, { data }] of Object.entries(cases)) {
    it(name, () => expect(Array.from(data)).toEqual(pillow[name]));
  }

  it('equalizes and stretches a picture with enough pixels for every step', () => {
    expect(sha256(equalize(large))).toBe(pillow['equalizeLargeSha256']);
    expect(sha256(autoContrast(large))).toBe(pillow['autoContrastLargeSha256']);
  });

  it('leaves a picture of one colour alone where nothing can be stretched', () => {
    const flat = picture(20, 20, () => 90);
    expect(autoContrast(flat).data).toEqual(flat.data);
    expect(equalize(flat).data).toEqual(flat.data);
  });
});

describe('geometry', () => {
  const background: Colour = [250, 240, 230];
  const at = ({ data, width }: Pixels, x: number, y: number) =>
    Array.from(data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3));
  const square = picture(5, 5, (x, y, c) => 40 * x + 8 * y + c);

  it('turns by 90 degrees as the pixels say, counter-clockwise', () => {
    const turned = transform(square, rotation(90), background);
    for (let y = 0; y < 5; y++) for (let x = 0; x < 5; x++) expect(at(turned, x, y)).toEqual(at(square, 4 - y, x));
  });

  it('moves by whole pixels and lets the background in', () => {
    const moved = transform(square, translation(2, -1), background);
    for (let y = 0; y < 5; y++) {
      for (let x = 0; x < 5; x++)
        expect(at(moved, x, y)).toEqual(x >= 2 && y < 4 ? at(square, x - 2, y + 1) : Array.from(background));
    }
  });

  it('blends two pixels half and half between them', () => {
    const moved = transform(square, translation(0.5, 0), background);
    expect(at(moved, 2, 3)).toEqual(
      [0, 1, 2].map((c) => Math.round((at(square, 1, 3)[c]! + at(square, 2, 3)[c]!) / 2)),
    );
    expect(at(moved, 0, 3)).toEqual([0, 1, 2].map((c) => Math.round((background[c]! + at(square, 0, 3)[c]!) / 2)));
  });

  it('shears rows in proportion to their distance from the middle', () => {
    const sheared = transform(square, shear(1, 0), background);
    expect(at(sheared, 1, 2)).toEqual(at(square, 1, 2));
    expect(at(sheared, 1, 3)).toEqual(at(square, 2, 3));
    expect(at(sheared, 2, 0)).toEqual(at(square, 0, 0));
    expect(at(transform(square, shear(0, 1), background), 3, 1)).toEqual(at(square, 3, 2));
  });

  it('mirrors, and twice is once never', () => {
    expect(at(flip(square), 0, 1)).toEqual(at(square, 4, 1));
    expect(flip(flip(square)).data).toEqual(square.data);
  });
});
