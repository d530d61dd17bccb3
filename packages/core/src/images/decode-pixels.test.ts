import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp, { type Sharp } from 'sharp';
import { decodePixels, uprightSizeOf, type DecodeOptions } from './decode-pixels.ts';
import type { LocatedImage } from './image.ts';

let root: string;
beforeAll(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-decode-'))));
afterAll(() => rm(root, { recursive: true }));

let files = 0;
async function sampleOf(image: Sharp | Buffer, extension = 'png'): Promise<LocatedImage> {
  const path = join(root, `${files++}.${extension}`);
  await writeFile(path, Buffer.isBuffer(image) ? image : await image.toFormat(extension as 'png').toBuffer());
  return { id: path, image: { kind: 'file', path } };
}

const raw = (
  width: number,
  height: number,
  channels: 1 | 2 | 3 | 4,
  values: (x: number, y: number, c: number) => number,
) =>
  sharp(
    Buffer.from(
      Uint8Array.from({ length: width * height * channels }, (_, i) =>
        values(Math.floor(i / channels) % width, Math.floor(i / channels / width), i % channels),
      ),
    ),
    { raw: { width, height, channels } },
  );

const options = (width: number, height: number, more: Partial<DecodeOptions> = {}): DecodeOptions => ({
  width,
  height,
  interpolation: 'bicubic',
  background: [255, 255, 255],
  ...more,
});

/** Two by two: red, green; blue, yellow. */
const CORNERS = [
  [220, 10, 10],
  [10, 200, 10],
  [10, 10, 210],
  [230, 220, 20],
] as const;
const corners = () => raw(2, 2, 3, (x, y, c) => CORNERS[2 * y + x]![c]!);
const pixelsOf = async (sample: LocatedImage, how: DecodeOptions) => Array.from((await decodePixels(sample, how)).data);

describe('decodePixels', () => {
  it('leaves the event loop to others between pictures that are decoded side by side', async () => {
    let rounds = 0;
    let ticking = setImmediate(function tick() {
      rounds++;
      ticking = setImmediate(tick);
    });
    const sample = await sampleOf(corners());
    const ends = await Promise.all(
      Array.from({ length: 24 }, () => decodePixels(sample, options(96, 96)).then(() => rounds)),
    );
    clearImmediate(ticking);
    expect(new Set(ends).size).toBe(ends.length);
  });

  it('gives the pixels of a picture that has the size already', async () => {
    expect(await pixelsOf(await sampleOf(corners()), options(2, 2))).toEqual(CORNERS.flat());
  });

  // EXIF 2.32, tag 0x0112: where the stored rows and columns belong in the upright picture. Upright is
  // always the four corners; what is stored is each orientation's inverse of them.
  it.each([
    [1, [0, 1, 2, 3]],
    [2, [1, 0, 3, 2]],
    [3, [3, 2, 1, 0]],
    [4, [2, 3, 0, 1]],
    [5, [0, 2, 1, 3]],
    [6, [1, 3, 0, 2]],
    [7, [3, 1, 2, 0]],
    [8, [2, 0, 3, 1]],
  ] as const)('turns a picture of EXIF orientation %i upright', async (orientation, stored) => {
    const image = raw(2, 2, 3, (x, y, c) => CORNERS[stored[2 * y + x]!][c]!);
    const bytes = await image.withMetadata({ orientation }).png().toBuffer();
    expect(await pixelsOf(await sampleOf(bytes), options(2, 2))).toEqual(CORNERS.flat());
  });

  it('knows the upright size, and cuts boxes from the upright picture', async () => {
    const wide = await raw(6, 4, 3, (x) => (x < 3 ? 0 : 250))
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    const sample = await sampleOf(wide);
    expect(await uprightSizeOf(sample)).toEqual({ width: 4, height: 6 });
    const seen: unknown[] = [];
    const box = (size: { width: number; height: number }) => (
      seen.push(size), { left: 0, top: 3, width: 4, height: 3 }
    );
    expect(await pixelsOf(sample, options(4, 3, { box }))).toEqual(new Array(36).fill(250));
    expect(seen).toEqual([{ width: 4, height: 6 }]);
  });

  it('leaves a picture as it is stored where asked to', async () => {
    const wide = await raw(6, 4, 3, (x) => (x < 3 ? 0 : 250))
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    const left = { box: () => ({ left: 0, top: 0, width: 3, height: 4 }), asStored: true };
    expect(await pixelsOf(await sampleOf(wide), options(3, 4, left))).toEqual(new Array(36).fill(0));
  });

  it('composes transparency on the background: value = alpha over + (1 - alpha) background', async () => {
    const clear = raw(3, 1, 4, (x, _y, c) => (c === 3 ? [0, 128, 255][x]! : 100));
    const background = [200, 50, 0] as const;
    const expected = [0, 128, 255].flatMap((alpha) =>
      background.map((under) => (alpha * 100 + (255 - alpha) * under) / 255),
    );
    (await pixelsOf(await sampleOf(clear), options(3, 1, { background }))).forEach((value, i) =>
      expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(1),
    );
  });

  it('does not let the colour of invisible pixels bleed in when it shrinks', async () => {
    const sample = await sampleOf(raw(8, 8, 4, (x, _y, c) => (c === 3 ? (x < 4 ? 0 : 255) : x < 4 ? 0 : 255)));
    expect(await pixelsOf(sample, options(2, 2))).toEqual(new Array(12).fill(255));
  });

  it('widens grey to three equal channels, with and without alpha', async () => {
    expect(await pixelsOf(await sampleOf(raw(3, 1, 1, (x) => 60 * x).toColourspace('b-w')), options(3, 1))).toEqual([
      0, 0, 0, 60, 60, 60, 120, 120, 120,
    ]);
    const half = raw(1, 1, 2, (_x, _y, c) => (c === 1 ? 0 : 90)).toColourspace('b-w');
    expect(await pixelsOf(await sampleOf(half), options(1, 1))).toEqual([255, 255, 255]);
  });

  it('brings 16 bits per channel down to 8', async () => {
    const deep = raw(3, 1, 3, (x, _y, c) => 80 * x + 10 * c).toColourspace('rgb16');
    const sample = await sampleOf(await deep.png({ palette: false }).toBuffer());
    expect((await sharp((sample.image as { path: string }).path).metadata()).depth).toBe('ushort');
    expect(await pixelsOf(sample, options(3, 1))).toEqual([0, 10, 20, 80, 90, 100, 160, 170, 180]);
  });

  it('converts CMYK: no ink is white, all ink nearly black', async () => {
    const bytes = await raw(16, 8, 3, (x) => (x < 8 ? 255 : 0))
      .toColourspace('cmyk')
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer();
    expect((await sharp(bytes).metadata()).space).toBe('cmyk');
    const pixels = await pixelsOf(await sampleOf(bytes, 'jpg'), options(2, 1, { interpolation: 'nearest' }));
    expect(Math.min(...pixels.slice(0, 3))).toBeGreaterThan(245);
    expect(Math.max(...pixels.slice(3))).toBeLessThan(60);
  });

  it('draws an SVG on the background', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="2" height="4" fill="#0a141e"/></svg>',
    );
    expect(await pixelsOf(await sampleOf(svg, 'svg'), options(2, 1, { interpolation: 'nearest' }))).toEqual([
      10, 20, 30, 255, 255, 255,
    ]);
  });

  it('enlarges bilinearly between pixel centres', async () => {
    const sample = await sampleOf(raw(2, 1, 3, (x) => 100 * x));
    // Centres of four result pixels lie at -1/4, 1/4, 3/4 and 5/4 of the way between the two.
    const values = await pixelsOf(sample, options(4, 1, { interpolation: 'bilinear' }));
    expect(values.filter((_, i) => i % 3 === 0)).toEqual([0, 25, 75, 100]);
  });

  it('cuts where the box lies, whether the picture shrinks or grows to it', async () => {
    // A ramp from 0 to 240 over 240 columns: the value at column x is x.
    const ramp = await sampleOf(raw(240, 4, 3, (x) => x));
    for (const [left, width, wanted] of [
      [60, 100, 10],
      [60, 10, 25],
      [0, 240, 24],
      [3.5, 7, 14],
      [0, 12, 480],
    ] as const) {
      const values = await pixelsOf(
        ramp,
        options(wanted, 8, { interpolation: 'bilinear', box: () => ({ left, top: 1, width, height: 2 }) }),
      );
      for (let i = 0; i < wanted; i++) {
        const place = Math.max(0, left + ((i + 0.5) * width) / wanted - 0.5);
        expect(Math.abs(values[3 * i]! - place), `${i} of ${left}+${width}`).toBeLessThanOrEqual(1);
      }
    }
  });

  it('takes a sliver of a very long picture', async () => {
    const ramp = await sampleOf(raw(30_000, 2, 3, (x) => Math.floor(x / 120)));
    const values = await pixelsOf(ramp, options(4, 4, { box: () => ({ left: 15_000, top: 0, width: 2, height: 2 }) }));
    for (const value of values) expect(value).toBe(125);
  });

  it('keeps a JPEG within a level or two of the same picture that was not shrunk while loading', async () => {
    const bytes = await raw(640, 480, 3, (x, y, c) => 128 + 80 * Math.sin(x / 40 + c) * Math.cos(y / 30))
      .jpeg({ quality: 95 })
      .toBuffer();
    const decoded = await sharp(bytes).png().toBuffer();
    const fast = await pixelsOf(await sampleOf(bytes, 'jpg'), options(64, 48));
    const exact = await pixelsOf(await sampleOf(decoded), options(64, 48));
    const worst = fast.reduce((most, value, i) => Math.max(most, Math.abs(value - exact[i]!)), 0);
    expect(worst).toBeLessThanOrEqual(3);
  });

  it('reads one picture of an IDX file by its offset, and names a file that ends early', async () => {
    const path = join(root, 'pictures-idx3');
    await writeFile(path, Buffer.from([0, 0, 8, 3, 0, 1, 2, 3, 4, 5, 6, 7]));
    const sample = (offset: number): LocatedImage => ({
      id: 'train/1',
      image: { kind: 'idx', path, offset, height: 2, width: 2 },
    });
    expect(await pixelsOf(sample(8), options(2, 2))).toEqual([4, 4, 4, 5, 5, 5, 6, 6, 6, 7, 7, 7]);
    await expect(decodePixels(sample(9), options(2, 2))).rejects.toMatchObject({
      code: 'sample-unreadable',
      message: expect.stringContaining('train/1') as string,
    });
  });

  it('names a file that was cut short or taken away after it was read', async () => {
    const bytes = await raw(64, 64, 3, (x, y, c) => (x * y * (c + 1)) % 256)
      .jpeg()
      .toBuffer();
    const cut = await sampleOf(bytes.subarray(0, bytes.length / 2), 'jpg');
    await expect(decodePixels(cut, options(8, 8))).rejects.toMatchObject({
      code: 'sample-unreadable',
      message: expect.stringContaining(cut.id) as string,
    });
    const gone: LocatedImage = { id: 'gone.png', image: { kind: 'file', path: join(root, 'gone.png') } };
    await expect(decodePixels(gone, options(8, 8))).rejects.toMatchObject({
      code: 'sample-unreadable',
      message: expect.stringContaining('gone.png') as string,
    });
  });
});
