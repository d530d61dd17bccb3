import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'bmp-ts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePixels } from './decode-pixels.ts';
import { namesImage } from './file-kinds.ts';
import { readListedImages } from './read-images.ts';

let root: string;
beforeAll(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-formats-'))));
afterAll(() => rm(root, { recursive: true }));

const silent = { start: () => ({ update: () => {}, end: () => {} }) };

/** What reading one file as a picture gives: the pixels, or the error. */
async function read(name: string, bytes: Uint8Array | string, skipBad = false) {
  const path = join(root, name);
  await writeFile(path, bytes);
  const { samples, skipped } = await readListedImages(
    [{ id: name, path }],
    { skipBad, progress: silent },
    ({ id }, { digest, sizes }) => ({ id, digest, size: sizes.upright, image: { kind: 'file', path } as const }),
  );
  const sample = samples[0]?.sample;
  if (!sample) return { skipped };
  const whole = { ...sample.size, interpolation: 'nearest', background: [255, 255, 255] } as const;
  const { width, height, data } = await decodePixels(sample, whole);
  return { width, height, pixels: Array.from(data) };
}

/** Three by two: each value is its place times ten, so that a turned or shifted picture differs. */
const VALUES = Array.from({ length: 18 }, (_, i) => 10 * i);
const RGB = { width: 3, height: 2, pixels: VALUES };
const GREY = { width: 3, height: 2, pixels: [0, 50, 100, 150, 200, 250].flatMap((value) => [value, value, value]) };
const BITS = { width: 3, height: 2, pixels: [0, 255, 0, 255, 255, 0].flatMap((value) => [value, value, value]) };

describe('Netpbm', () => {
  it('reads colours, grey and bits, as bytes and as text', async () => {
    expect(
      await read('a.ppm', Buffer.concat([Buffer.from('P6\n# made by hand\n3 2\n255\n'), Buffer.from(VALUES)])),
    ).toEqual(RGB);
    expect(await read('b.ppm', `P3 3 2 255\n${VALUES.join(' ')}\n`)).toEqual(RGB);
    expect(
      await read('c.pgm', Buffer.concat([Buffer.from('P5 3 2 255\n'), Buffer.from([0, 50, 100, 150, 200, 250])])),
    ).toEqual(GREY);
    expect(await read('d.pgm', 'P2\n3 2\n5\n0 1 2\n3 4 5\n')).toEqual({
      ...GREY,
      pixels: [0, 51, 102, 153, 204, 255].flatMap((v) => [v, v, v]),
    });
    expect(await read('e.pbm', 'P1\n3 2\n1 0 1\n001\n')).toEqual(BITS);
    expect(
      await read('f.pbm', Buffer.concat([Buffer.from('P4 3 2\n'), Buffer.from([0b1010_0000, 0b0010_0000])])),
    ).toEqual(BITS);
  });

  it('scales values of two bytes from the highest that the file states', async () => {
    const twelveBits = Buffer.from([0, 0, 15, 255, 8, 0]);
    expect(await read('g.pgm', Buffer.concat([Buffer.from('P5 3 1 4095\n'), twelveBits]))).toEqual({
      width: 3,
      height: 1,
      pixels: [0, 0, 0, 255, 255, 255, 128, 128, 128],
    });
  });

  it.each([
    ['rows that are missing', 'P6 3 2 255\nabc'],
    ['a size beyond the file', 'P5 60000 60000 255\nabc'],
    ['a value above the highest', 'P2 1 1 5\n9\n'],
    ['no size', 'P6 x'],
  ])('refuses %s', async (_, text) => {
    await expect(read('bad.ppm', text)).rejects.toThrow('its data are cut off or damaged');
  });
});

describe('BMP', () => {
  const bmp = (bitPP: 24 | 32) => {
    const abgr = Buffer.alloc(24);
    for (let i = 0; i < 6; i++) abgr.set([255, VALUES[3 * i + 2]!, VALUES[3 * i + 1]!, VALUES[3 * i]!], 4 * i);
    return encode({ data: abgr, width: 3, height: 2, bitPP }).data;
  };

  it('reads 24 and 32 bits', async () => {
    expect(await read('a.bmp', bmp(24))).toEqual(RGB);
    expect(await read('b.bmp', bmp(32))).toEqual(RGB);
  });

  it('reads a palette, from the top row down', async () => {
    const header = Buffer.alloc(54 + 8 + 8);
    header.write('BM');
    header.writeUInt32LE(header.length, 2);
    header.writeUInt32LE(62, 10);
    header.writeUInt32LE(40, 14);
    header.writeInt32LE(3, 18);
    header.writeInt32LE(-2, 22);
    header.writeUInt16LE(1, 26);
    header.writeUInt16LE(1, 28);
    header.writeUInt32LE(2, 46);
    header.set([30, 20, 10, 0, 230, 220, 210, 0], 54);
    header.set([0b0100_0000, 0, 0, 0, 0b1100_0000, 0, 0, 0], 62);
    const [dark, light] = [
      [10, 20, 30],
      [210, 220, 230],
    ];
    expect(await read('c.bmp', header)).toEqual({
      width: 3,
      height: 2,
      pixels: [dark, light, dark, light, light, dark].flat(),
    });
  });

  it('refuses what is cut off, and a header that claims more than the file can hold', async () => {
    await expect(read('cut.bmp', bmp(24).subarray(0, 60))).rejects.toThrow('cannot be decoded as a picture');
    const huge = Buffer.from(bmp(24));
    huge.writeInt32LE(60_000, 18);
    huge.writeInt32LE(60_000, 22);
    await expect(read('huge.bmp', huge)).rejects.toThrow('its data are cut off or damaged');
  });
});

/** Files of boxes begin with their brands. */
const boxes = (...brands: string[]) => {
  const bytes = Buffer.alloc(4 * brands.length + 12);
  bytes.writeUInt32BE(bytes.length);
  bytes.write(`ftyp${brands[0]}\0\0\0\0${brands.slice(1).join('')}`, 4, 'latin1');
  return bytes;
};

describe('formats that are not read', () => {
  it.each([
    ['x.heic', boxes('heic', 'mif1', 'heic'), 'HEIC'],
    ['called.jpg', boxes('mif1', 'mif1', 'heix'), 'HEIC'],
    ['x.ico', Buffer.from([0, 0, 1, 0, 1, 0, 16, 16]), 'ICO'],
    ['x.jp2', Buffer.from('\0\0\0\x0cjP  \r\n\x87\n', 'latin1'), 'JPEG 2000'],
    ['x.jxl', Buffer.from([0xff, 0x0a, 1, 2]), 'JPEG XL'],
    ['x.psd', Buffer.from('8BPS\0\x01'), 'PSD'],
    ['x.dcm', Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]), 'DICOM'],
    ['x.cr2', Buffer.from('II*\0\x10\0\0\0CR\x02\0', 'latin1'), 'raw photograph'],
    ['x.cr3', boxes('crx ', 'isom'), 'raw photograph'],
    ['x.nef', Buffer.from('MM\0*\0\0\0\x08', 'latin1'), 'raw photograph'],
    ['x.tga', Buffer.from([0, 0, 2, ...Array<number>(18).fill(0)]), 'TGA'],
    ['x.mov', boxes('qt  '), 'film'],
    ['lfs.jpg', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\n', 'Git LFS'],
    ['page.jpg', '<!DOCTYPE html><html></html>', 'web page'],
  ])('names the format of %s and the way out', async (name, bytes, format) => {
    const error = await read(name, bytes).catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      code: 'sample-unreadable',
      message: expect.stringMatching(`${name}: it is .*${format}`) as string,
      hint: expect.stringContaining('--skip-bad') as string,
    });
    expect(await read(name, bytes, true)).toMatchObject({
      skipped: [{ id: name, reason: expect.stringContaining(format) as string }],
    });
  });

  it('says the same of a HEIC picture however much of it the decoder understands', async () => {
    const messages = await Promise.all(
      [boxes('heic'), boxes('heic', 'mif1'), Buffer.concat([boxes('heic'), Buffer.alloc(3000, 7)])].map((bytes) =>
        read('same.heic', bytes).catch((cause: Error) => cause.message),
      ),
    );
    expect(new Set(messages)).toEqual(new Set(['same.heic: it is a HEIC picture, which is not read.']));
  });

  it('reads AVIF, which is a file of boxes, too', async () => {
    const avif = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#808080' } })
      .avif()
      .toBuffer();
    expect(await read('a.avif', avif)).toMatchObject({ width: 16, height: 16 });
  });

  it('knows pictures by the endings of what is read and of what is refused by name', () => {
    expect(['a.BMP', 'a.ppm', 'a.HEIC', 'a.dng', 'a.jp2', 'a.tga'].every(namesImage)).toBe(true);
    expect(['a.ico', 'a.psd', 'a.mov', 'a.txt'].some(namesImage)).toBe(false);
  });
});
