import { expect, it } from 'vitest';
import { redisAddress } from './redis-address.ts';

it.each([
  ['redis://localhost:6379', 'redis://localhost:6379'],
  ['rediss://me:secret@queue.example.org:6380/2', 'rediss://queue.example.org:6380/2'],
  ['redis://[::1]:6379/', 'redis://[::1]:6379'],
])('shows %s without what is secret in it', (url, shown) => {
  expect(redisAddress(url)).toEqual({ url, shown });
});

it.each(['localhost:6379', 'http://me:secret@host', 'redis://', 'redis://host/some', 'redis://:secret@host:port'])(
  'refuses %s, and does not repeat what is secret',
  (text) => {
    let refused: unknown;
    try {
      redisAddress(text);
    } catch (error) {
      refused = error;
    }
    expect(refused).toMatchObject({ code: 'usage' });
    expect(String(refused)).not.toContain('secret');
  },
);
