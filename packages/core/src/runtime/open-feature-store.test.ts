import { expect, it } from 'vitest';
import { openFeatureStore } from './open-feature-store.ts';
import { parseByteSize } from '../options/byte-size.ts';

it('lies below the cache folder, or where the environment says', () => {
  expect(openFeatureStore('/cache', {}).root).toBe('/cache/features');
  expect(openFeatureStore('/cache', { HEADSTART_FEATURES: '/large', HEADSTART_FEATURES_LIMIT: '50 GiB' }).root).toBe(
    '/large',
  );
});

it('refuses a limit that is not a valid size', () => {
  for (const limit of ['', 'much', '10 GX', '-1']) {
    expect(() => openFeatureStore('/cache', { HEADSTART_FEATURES_LIMIT: limit })).toThrow(
      expect.objectContaining({ code: 'invalid-option', message: expect.stringContaining(`"${limit}"`) as string }),
    );
  }
});

it('reads sizes with decimal and binary units', () => {
  expect(['0', '12', '1.5 kB', '4GiB', '1TB'].map(parseByteSize)).toEqual([0, 12, 1500, 2 ** 32, 1e12]);
  expect(['1e9', '9e99GiB', '4G', 'GiB'].map(parseByteSize)).toEqual([undefined, undefined, undefined, undefined]);
});
