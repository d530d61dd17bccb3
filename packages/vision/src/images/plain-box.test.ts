import { expect, it } from 'vitest';
import { plainBox } from './plain-box.ts';

const shape = {
  height: 1,
  width: 2,
  interpolation: 'bilinear',
  layout: 'NHWC',
  crop: 'stretch',
  cropFraction: 1,
  channels: 3,
  mean: [],
  deviation: [],
} as const;

it("takes the centred part in the input's proportions", () => {
  const half = plainBox({ ...shape, height: 10, width: 20, crop: 'center', cropFraction: 0.5 })!;
  // The largest 2:1 box in 300 x 200 is 300 x 150; half of each side is kept.
  expect(half({ width: 300, height: 200 })).toEqual({ left: 75, top: 62.5, width: 150, height: 75 });
  expect(plainBox(shape)).toBeUndefined();
});
