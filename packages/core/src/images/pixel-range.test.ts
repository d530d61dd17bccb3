import { silentProgress } from '@headstart/artifacts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readListedImages } from './read-images.ts';

const SIDE = 16;
let root: string;

beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-range-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

/** The codes of the warnings for one picture. */
async function warned(bytes: Buffer): Promise<string[]> {
  const path = join(root, 'picture');
  await writeFile(path, bytes);
  const options = { skipBad: false, progress: silentProgress };
  const { warnings } = await readListedImages([{ id: 'picture', path }], options, ({ id }, { digest }) => ({
    id,
    digest,
  }));
  for (const { samples } of warnings) expect(samples).toEqual(['picture']);
  return warnings.map(({ code }) => code);
}

/** A grey picture of 16 bits whose numbers run from 0 to `most`. */
function grey16(most: number) {
  const values = Uint16Array.from({ length: SIDE * SIDE }, (_, i) => Math.round((most * i) / (SIDE * SIDE - 1)));
  return sharp(values, { raw: { width: SIDE, height: SIDE, channels: 1 } }).toColourspace('grey16');
}

function bands(channels: 1 | 2 | 3 | 4) {
  const values = Uint8Array.from({ length: SIDE * SIDE * channels }, (_, i) => (i * 7) % 256);
  return sharp(values, { raw: { width: SIDE, height: SIDE, channels } });
}

it.each([
  ['12 bits in a PNG of 16', () => grey16(4095).png(), ['pixel-range']],
  ['12 bits in a TIFF of 16', () => grey16(4095).tiff({ compression: 'none' }), ['pixel-range']],
  ['16 bits that are all used', () => grey16(65_535).png(), []],
  ['14 bits in 16: dark, and to be seen', () => grey16(16_383).png(), []],
  ['a PNG of 8 bits, as dark as it is', () => bands(3).linear(0.05, 0).png(), []],
  ['a TIFF of three bands', () => bands(3).tiff({ compression: 'lzw' }), []],
  ['a TIFF of four bands', () => bands(4).tiff({ compression: 'lzw' }), ['tiff-bands']],
  ['a TIFF of two bands', () => bands(2).tiff({ compression: 'lzw' }), ['tiff-bands']],
  ['a PNG with transparency', () => bands(4).png(), []],
])('looks at the numbers of %s', async (_what, picture, codes) => {
  expect(await warned(await picture().toBuffer())).toEqual(codes);
});

it.each([
  ['floats from 0 to 1', { numbers: (i: number) => i / 256 }, ['pixel-range']],
  ['floats from 0 to 255', { numbers: (i: number) => i }, []],
  ['floats beyond 255', { numbers: (i: number) => i * 10 }, ['pixel-range']],
])('looks at %s in a TIFF', async (_what, { numbers }, codes) => {
  expect(await warned(floatTiff(numbers))).toEqual(codes);
});

/** A TIFF of one band of 32-bit floats, by the TIFF 6.0 specification: header, one directory, one strip. */
function floatTiff(numberAt: (place: number) => number): Buffer {
  const [SHORT, LONG] = [3, 4];
  const data = Float32Array.from({ length: SIDE * SIDE }, (_, i) => numberAt(i));
  const entries = [
    [256, LONG, SIDE], // ImageWidth
    [257, LONG, SIDE], // ImageLength
    [258, SHORT, 32], // BitsPerSample
    [259, SHORT, 1], // Compression: none
    [262, SHORT, 1], // PhotometricInterpretation: black is zero
    [273, LONG, 8], // StripOffsets
    [277, SHORT, 1], // SamplesPerPixel
    [278, LONG, SIDE], // RowsPerStrip
    [279, LONG, data.byteLength], // StripByteCounts
    [339, SHORT, 3], // SampleFormat: IEEE floating point
  ] as const;
  const header = Buffer.alloc(8);
  header.write('II');
  header.writeUInt16LE(42, 2);
  header.writeUInt32LE(8 + data.byteLength, 4);
  const directory = Buffer.alloc(2 + 12 * entries.length + 4);
  directory.writeUInt16LE(entries.length);
  entries.forEach(([tag, type, value], i) => {
    directory.writeUInt16LE(tag, 2 + 12 * i);
    directory.writeUInt16LE(type, 4 + 12 * i);
    directory.writeUInt32LE(1, 6 + 12 * i);
    directory.writeUInt32LE(value, 10 + 12 * i);
  });
  return Buffer.concat([header, Buffer.from(data.buffer), directory]);
}
