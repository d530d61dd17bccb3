import { expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { Encoder } from './encoder.ts';
import { keepingEncodings } from './encoding-cache.ts';

const sample = (name: string): Sample => ({ id: name, digest: name });

function counting(): { encoder: Encoder; calls: string[] } {
  const calls: string[] = [];
  const encoder: Encoder = {
    key: 'k',
    inputs: { x: { shape: [2], dtype: 'float32' } },
    targets: {},
    encode: ({ id }, { kind }) => {
      calls.push(`${id} ${kind}`);
      return Promise.resolve({ x: Float32Array.of(id.length, calls.length) });
    },
    target: () => ({}),
  };
  return { encoder, calls };
}

it('encodes a plain view once, altered views each time', async () => {
  const { encoder, calls } = counting();
  const cached = keepingEncodings(encoder);
  const first = await cached.encode(sample('a'), { kind: 'plain' });
  expect(await cached.encode(sample('a'), { kind: 'plain' })).toEqual(first);
  for (let i = 0; i < 2; i++) await cached.encode(sample('a'), { kind: 'augmented', random: new RandomStream(i) });
  expect(calls).toEqual(['a plain', 'a augmented', 'a augmented']);
});

it('keeps no more than its limit', async () => {
  const { encoder, calls } = counting();
  const cached = keepingEncodings(encoder, 2 * 8); // room for two samples of two float32 values
  for (const name of ['a', 'b', 'c', 'a', 'b', 'c']) await cached.encode(sample(name), { kind: 'plain' });
  expect(calls).toEqual(['a plain', 'b plain', 'c plain', 'c plain']);
});
