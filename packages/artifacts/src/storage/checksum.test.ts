import { expect, it } from 'vitest';
import { checksum, isWhole, sealed } from './checksum.ts';

it('is the CRC-32 of zip and PNG', () => {
  expect(checksum('123456789')).toBe('cbf43926'); // the check value of the catalogue of parametrised CRC algorithms
  expect(checksum('6789', 0)).toHaveLength(8);
  expect(checksum('')).toBe('00000000');
});

it('seals a JSON object so that no flipped bit of its text passes', () => {
  const value = { name: 'ä', list: [1, 2], nested: { a: null } };
  for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2), `${JSON.stringify(value, null, 2)}\n`]) {
    const whole = sealed(text);
    expect(JSON.parse(whole)).toMatchObject(value);
    expect(isWhole(whole)).toBe(true);
    const bytes = Buffer.from(whole);
    for (let at = 0; at < 8 * bytes.length; at++) {
      bytes[at >> 3]! ^= 1 << (at & 7);
      expect(isWhole(bytes.toString('utf8')), String(at)).toBe(false);
      bytes[at >> 3]! ^= 1 << (at & 7);
    }
  }
});

it('takes a text that nobody sealed', () => {
  for (const text of ['', '{}', '{"a":1}\n', JSON.stringify({ crc32: '00000000' }, null, 2)])
    expect(isWhole(text)).toBe(true);
});
