import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { couldBeOneColour } from './could-be-one-colour.ts';
import { isOneColour } from './one-colour.ts';

const SIZES = [
  [1, 1],
  [37, 64],
  [640, 480],
] as const;

const FORMATS: Readonly<Record<string, (picture: Sharp) => Sharp>> = {
  ...Object.fromEntries(
    [10, 50, 90, 100].flatMap((quality) => [
      [`jpeg q${quality}`, (p: Sharp) => p.jpeg({ quality })],
      [`jpeg q${quality} 4:4:4`, (p: Sharp) => p.jpeg({ quality, chromaSubsampling: '4:4:4' })],
      [`webp q${quality}`, (p: Sharp) => p.webp({ quality, effort: 0 })],
    ]),
  ),
  'jpeg progressive': (p) => p.jpeg({ quality: 100, progressive: true, chromaSubsampling: '4:4:4' }),
  'jpeg grey': (p) => p.toColourspace('b-w').jpeg(),
  'jpeg with a profile and EXIF': (p) =>
    p
      .withIccProfile('p3')
      .withExif({ IFD0: { ImageDescription: 'long '.repeat(3000) } })
      .jpeg(),
  'png stored': (p) => p.png({ compressionLevel: 0 }),
  'png fast': (p) => p.png({ compressionLevel: 1, adaptiveFiltering: true }),
  'png best': (p) => p.png({ compressionLevel: 9 }),
  'png interlaced': (p) => p.png({ compressionLevel: 1, progressive: true }),
  'png of 16 bits': (p) => p.toColourspace('rgb16').png({ compressionLevel: 1 }),
  'png grey': (p) => p.toColourspace('b-w').png(),
  'png palette': (p) => p.png({ palette: true }),
  'png alpha': (p) => p.ensureAlpha(0.5).png(),
  'webp lossless': (p) => p.webp({ lossless: true, effort: 0 }),
  'webp alpha': (p) => p.ensureAlpha(0.5).webp(),
  gif: (p) => p.gif(),
  tiff: (p) => p.tiff(),
};

const COLOURS = [
  [137, 61, 209],
  [255, 255, 255],
];

function painted(width: number, height: number, colour: readonly number[], dots: number): Sharp {
  const data = Buffer.alloc(3 * width * height);
  for (let i = 0; i < data.length; i++) data[i] = colour[i % 3]!;
  for (let dot = 0; dot < dots; dot++) data.set([0, 255, 0], 3 * (Math.floor(height / 2) * width + dot * 8));
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Values without order, as the grain of a photograph. */
function noise(length: number): Buffer {
  let state = 1;
  return Buffer.from(
    Uint8Array.from({ length }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24),
  );
}

const check = (bytes: Buffer) => isOneColour({ id: 'a', image: { kind: 'memory', bytes } });

describe.each(Object.entries(FORMATS))('%s', (name, encode) => {
  it.each(SIZES)('of one colour, %i x %i, is looked at', async (width, height) => {
    for (const colour of COLOURS) {
      const bytes = await encode(painted(width, height, colour, 0)).toBuffer();
      expect(couldBeOneColour(bytes)).toBe(true);
      // Lossy WebP does not always give back one colour as one.
      if (!/webp [qa]/.test(name)) expect(await check(bytes)).toBe(true);
    }
  });

  it('is looked at where a pixel differs that hardly shows', async () => {
    const bytes = await encode(painted(640, 480, COLOURS[0]!, 1)).toBuffer();
    expect(couldBeOneColour(bytes)).toBe(true);
  });
});

it('tells a picture with a dot that shows from one of one colour', async () => {
  expect(await check(await painted(40, 40, COLOURS[1]!, 1).png().toBuffer())).toBe(false);
  expect(await check(await painted(40, 40, COLOURS[1]!, 1).jpeg().toBuffer())).toBe(false);
});

it.each(['jpeg q50', 'jpeg q90', 'png best', 'png fast', 'png of 16 bits', 'webp q50', 'webp lossless'])(
  'does not decode a photograph as %s',
  async (format) => {
    const grain = sharp(noise(3 * 400 * 300), { raw: { width: 400, height: 300, channels: 3 } }).blur(1);
    expect(couldBeOneColour(await FORMATS[format]!(grain).toBuffer())).toBe(false);
  },
);

it('finds one colour beneath full transparency, whatever that hides', async () => {
  const data = noise(4 * 100 * 100);
  for (let i = 3; i < data.length; i += 4) data[i] = 0;
  const hidden = () => sharp(data, { raw: { width: 100, height: 100, channels: 4 } });
  expect(await check(await hidden().png().toBuffer())).toBe(true);
  expect(await check(await hidden().webp({ lossless: true, exact: true }).toBuffer())).toBe(true);
});

it('finds one colour in a JPEG with other data behind it', async () => {
  const jpeg = await painted(200, 100, COLOURS[0]!, 0).jpeg().toBuffer();
  expect(await check(Buffer.concat([jpeg, noise(100_000)]))).toBe(true);
});
