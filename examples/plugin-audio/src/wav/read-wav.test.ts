import { describe, expect, it } from 'vitest';
import { readWav } from './read-wav.ts';

/** A chunk as bytes, with the byte of padding that odd ones need. */
const chunk = (id: string, data: readonly number[], size = data.length) => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(size);
  return [...Buffer.from(id), ...length, ...data, ...(data.length % 2 === 1 ? [0] : [])];
};
const u16 = (value: number) => [value & 255, value >> 8];
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];
const format = (code: number, channels: number, bits: number, rate = 16_000) =>
  chunk('fmt ', [
    ...u16(code),
    ...u16(channels),
    ...u32(rate),
    ...u32((rate * channels * bits) / 8),
    ...u16((channels * bits) / 8),
    ...u16(bits),
  ]);
const wav = (...chunks: number[][]) =>
  Uint8Array.from([...Buffer.from('RIFF'), ...u32(4 + chunks.flat().length), ...Buffer.from('WAVE'), ...chunks.flat()]);
const floats = (values: Float32Array | Float64Array) => [...new Uint8Array(values.buffer)];

describe('readWav', () => {
  it.each([
    ['8 bits, 128 in the middle', 8, [0, 128, 192], [-1, 0, 0.5]],
    ['16 bits', 16, [0, 0x80, 0, 0, 0, 0x40], [-1, 0, 0.5]],
    ['24 bits', 24, [0, 0, 0x80, 0, 0, 0, 0, 0, 0x40], [-1, 0, 0.5]],
    ['32 bits', 32, [0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x40], [-1, 0, 0.5]],
  ])('reads integers of %s', (_what, bits, data, expected) => {
    const { rate, samples } = readWav(wav(format(1, 1, bits), chunk('data', data)), 'x');
    expect(rate).toBe(16_000);
    expect([...samples]).toEqual(expected);
  });

  it('reads floating point of both widths, and the extensible header', () => {
    expect([
      ...readWav(wav(format(3, 1, 32), chunk('data', floats(Float32Array.of(-0.5, 0.25)))), 'x').samples,
    ]).toEqual([-0.5, 0.25]);
    expect([
      ...readWav(wav(format(3, 1, 64), chunk('data', floats(Float64Array.of(-0.5, 0.25)))), 'x').samples,
    ]).toEqual([-0.5, 0.25]);
    const plain = format(0xfffe, 1, 16).slice(8);
    const extensible = chunk('fmt ', [
      ...plain,
      ...u16(22),
      ...u16(16),
      ...u32(4),
      ...u16(1),
      ...new Array<number>(14).fill(0),
    ]);
    expect([...readWav(wav(extensible, chunk('data', [0, 0x40])), 'x').samples]).toEqual([0.5]);
  });

  it('mixes channels down to their mean, and steps over other chunks, odd ones with their padding', () => {
    const stereo = wav(
      format(1, 2, 16, 44_100),
      chunk('LIST', [1, 2, 3]),
      chunk('data', [0, 0x40, 0, 0, 0, 0x80, 0, 0x40]),
      chunk('id3 ', [1]),
    );
    expect(readWav(stereo, 'x')).toEqual({ rate: 44_100, samples: Float32Array.of(0.25, -0.25) });
    expect([...readWav(wav(format(1, 1, 8), chunk('data', [192])), 'x').samples]).toEqual([0.5]);
  });

  it('reads bytes that lie within a larger buffer', () => {
    const bytes = wav(format(1, 1, 16), chunk('data', [0, 0x40]));
    const within = new Uint8Array(bytes.length + 7);
    within.set(bytes, 5);
    expect([...readWav(within.subarray(5, 5 + bytes.length), 'x').samples]).toEqual([0.5]);
  });

  const sound = chunk('data', [0, 0x40]);
  it.each([
    ['nothing', new Uint8Array(), /it is not a WAV file/],
    ['an MP3 file', Uint8Array.from(Buffer.from('ID3\u0003'.padEnd(64))), /it is not a WAV file/],
    ['no sound', wav(format(1, 1, 16)), /no sound in it/],
    ['a sound of no length', wav(format(1, 1, 16), chunk('data', [])), /no sound in it/],
    ['no format', wav(sound), /does not say how/],
    ['a format too short', wav(chunk('fmt ', [1, 0]), sound), /does not say how/],
    [
      'a sound cut off',
      wav(format(1, 1, 16), chunk('data', [0, 0x40], 32_000)),
      /cut off: a part of 32000 bytes has 2/,
    ],
    ['half a sample', wav(format(1, 2, 16), chunk('data', [0, 0x40])), /cut off within a sample/],
    ['a streamed length', wav(format(1, 1, 16), chunk('data', [0, 0x40], 0xffffffff)), /cut off/],
    ['ADPCM', wav(format(2, 1, 4), sound), /encoded as ADPCM/],
    ['an unknown encoding', wav(format(0x1234, 1, 16), sound), /encoded as format 4660/],
    ['12 bits', wav(format(1, 1, 12), sound), /samples of 12 bits/],
    ['no channel', wav(format(1, 0, 16), sound), /claims 0 channels/],
    ['a rate of 1 Hz', wav(format(1, 1, 16, 1), sound), /at 1 Hz/],
    [
      'a number that is none',
      wav(format(3, 1, 32), chunk('data', floats(Float32Array.of(NaN)))),
      /sample 0 is not a finite number/,
    ],
  ])('refuses %s', (_what, bytes, why) => {
    expect(() => readWav(bytes, 'yes/1.wav')).toThrow(
      expect.objectContaining({
        code: 'sample-unreadable',
        message: expect.stringMatching(why) as string,
        hint: expect.any(String) as string,
      }),
    );
    expect(() => readWav(bytes, 'yes/1.wav')).toThrow(/^yes\/1\.wav: /);
  });
});
