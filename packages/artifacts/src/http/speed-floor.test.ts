import { expect, it } from 'vitest';
import { SpeedFloor } from './speed-floor.ts';

it('is 64 KiB a minute, over whole minutes', () => {
  const speed = new SpeedFloor(0);
  expect(speed.add(1, 59_999)).toBeUndefined();
  expect(speed.add(65_534, 60_000)).toBe('only 65535 bytes came in 60 s');
  expect(speed.add(65_536, 120_000)).toBeUndefined();
  expect(speed.add(1e9, 121_000)).toBeUndefined();
  expect(speed.add(0, 180_000)).toBeUndefined();
  expect(speed.add(65_536, 300_000)).toBe('only 65536 bytes came in 120 s');
});
