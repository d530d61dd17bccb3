import { setImmediate } from 'node:timers/promises';
import { HeadstartError } from '@headstart/artifacts/errors';
import { describe, expect, it } from 'vitest';
import type { Encoder } from '../data/encoder.ts';
import type { Sample } from '../domains/target-domain.ts';
import { EncodingQueue } from './encoding-queue.ts';
import { prepareInputs, type SamplesToPrepare } from './prepare-inputs.ts';

/** Samples that take a while to read, those that come first the longest; every seventh cannot be. */
class SlowSamples implements SamplesToPrepare {
  readonly length = 40;
  reading = 0;
  most = 0;
  ended = 0;

  readonly sample = async (position: number): Promise<Sample> => {
    this.most = Math.max(this.most, ++this.reading);
    for (let wait = this.length - position; wait > 0; wait--) await setImmediate();
    this.reading--;
    this.ended++;
    if (position % 7 === 3)
      throw new HeadstartError({ code: 'sample-unreadable', message: `${position} is bad.`, hint: 'Mend it.' });
    return { id: `${position}`, digest: `${position}` };
  };
}

const encoderWith = (more: Partial<Encoder> = {}): Encoder => ({
  key: 'numbers',
  inputs: { x: { shape: [1], dtype: 'float32' } },
  targets: {},
  encode: async ({ id }) => ({ x: Float32Array.of(Number(id)) }),
  target: () => ({}),
  ...more,
});

describe.each([
  ['of one length', encoderWith()],
  ['that differ in length', encoderWith({ length: ({ id }) => Number(id) % 4 })],
])('inputs %s', (_, encoder) => {
  it('are read several at a time, and each has its place or its error', async () => {
    const samples = new SlowSamples();
    const bad: number[] = [];
    const failed = (position: number, { message }: HeadstartError) => {
      expect(message).toBe(`${position} is bad.`);
      bad.push(position);
    };
    const seen: number[] = [];
    const how = { size: 8, queue: new EncodingQueue(), failed };
    for await (const { positions, inputs } of prepareInputs(encoder, samples, how)) {
      expect(inputs.map(({ sample, encoded }) => [Number(sample.id), encoded['x']![0]])).toEqual(
        positions.map((position) => [position, position]),
      );
      seen.push(...positions);
    }
    expect(samples.most).toBe(6);
    expect([...seen, ...bad].sort((a, b) => a - b)).toEqual([...Array(40).keys()]);
    expect(bad.sort((a, b) => a - b)).toEqual([3, 10, 17, 24, 31, 38]);
  });

  it('end all at the first that cannot be read, where nobody is told of it, and nothing is read on', async () => {
    const samples = new SlowSamples();
    const all = async () => {
      const how = { size: 40, queue: new EncodingQueue() };
      for await (const batch of prepareInputs(encoder, samples, how)) expect(batch).toBeUndefined();
    };
    await expect(all()).rejects.toThrow('3 is bad.');
    expect(samples.reading).toBe(0);
    const { ended } = samples;
    for (let i = 0; i < 100; i++) await setImmediate();
    expect(samples.ended).toBe(ended);
  });
});
