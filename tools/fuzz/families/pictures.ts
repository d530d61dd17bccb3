import { crc32 } from 'node:zlib';
import { decodePixels, mapBounded, readListedImages, type ImageLocation } from '@headstart/core/images';
import { silentProgress } from '@headstart/core';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Draw } from '../draw.ts';
import type { Family, Files } from '../family.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import { mutateText } from '../mutate-text.ts';
import { filesIn, once } from '../seeds.ts';

/** Pictures of every format that is decoded. */
export const pictures: Family = {
  name: 'pictures',
  valid: async () => [...(await drawn())].map(([ending, bytes]) => new Map([[`0.${ending}`, bytes]])),
  async make(draw) {
    const seeds = await drawn();
    const files = new Map<string, Uint8Array>();
    const count = draw.once(10) ? 8 : 1;
    for (let i = 0; i < count; i++) {
      const [ending, bytes] = draw.of([...seeds]);
      const altered = ending === 'svg' ? mutateText(draw, bytes.toString()) : mutateBytes(draw, bytes);
      files.set(`${i}.${ending}`, draw.once(4) ? withSize(draw, ending, bytes) : altered);
    }
    return files satisfies Files;
  },
  async read(folder) {
    const names = [...(await filesIn(folder)).keys()];
    const listed = names.map((name) => ({ id: name, path: join(folder, name) }));
    const options = { skipBad: names.length > 1, progress: silentProgress };
    const { samples } = await readListedImages(listed, options, ({ id, path }, { digest }) => ({
      ...{ id, digest },
      image: { kind: 'file', path } satisfies ImageLocation,
    }));
    await mapBounded(samples, 8, ({ sample }) => decodePixels(sample, SMALL));
  },
};

const SMALL = { width: 32, height: 32, interpolation: 'bilinear', background: [0, 0, 0] } as const;

const drawn = once(async () => {
  const picture = sharp({ create: { width: 61, height: 47, channels: 3, background: '#36a' } }).composite([
    { input: Buffer.from('<svg width="61" height="47"><circle cx="20" cy="20" r="15" fill="red"/></svg>') },
  ]);
  const raw = await picture.clone().raw().toBuffer();
  const grey = raw.filter((_, i) => i % 3 === 0);
  return new Map<string, Buffer>([
    ['png', await picture.clone().png().toBuffer()],
    ['palette.png', await picture.clone().png({ palette: true }).toBuffer()],
    ['jpg', await picture.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer()],
    ['progressive.jpg', await picture.clone().jpeg({ progressive: true }).toBuffer()],
    ['webp', await picture.clone().webp().toBuffer()],
    ['lossless.webp', await picture.clone().webp({ lossless: true }).toBuffer()],
    ['gif', await picture.clone().gif().toBuffer()],
    ['tiff', await picture.clone().tiff().toBuffer()],
    [
      'tiled.tiff',
      await picture.clone().tiff({ tile: true, tileWidth: 16, tileHeight: 16, compression: 'lzw' }).toBuffer(),
    ],
    ['avif', await picture.clone().avif({ effort: 0 }).toBuffer()],
    [
      'svg',
      Buffer.from(
        '<svg xmlns="http://www.w3.org/2000/svg" width="61" height="47"><rect width="9" height="9" fill="#f00"/></svg>',
      ),
    ],
    ['ppm', Buffer.concat([Buffer.from('P6 61 47 255\n'), raw])],
    ['pgm', Buffer.concat([Buffer.from('P5 61 47 255\n'), grey])],
    ['bmp', bmp(raw, 61, 47)],
  ]);
});

function bmp(rgb: Buffer, width: number, height: number): Buffer {
  const stride = Math.ceil((width * 3) / 4) * 4;
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) rgb.copy(pixels, (height - 1 - y) * stride, y * width * 3, (y + 1) * width * 3);
  const head = Buffer.alloc(54);
  head.write('BM');
  head.writeUInt32LE(54 + pixels.length, 2);
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(width, 18);
  head.writeInt32LE(height, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(24, 28);
  return Buffer.concat([head, pixels]);
}

const SIDES = [0, 1, 3000, 16_383, 16_384, 65_535, 2 ** 31 - 1];

/** The same picture that says to be of another size. */
function withSize(draw: Draw, ending: string, bytes: Buffer): Buffer {
  const [width, height] = [draw.of(SIDES), draw.of(SIDES)];
  const altered = Buffer.from(bytes);
  const short = (at: number, value: number, write: 'writeUInt16BE' | 'writeUInt16LE') =>
    void altered[write](Math.min(value, 65_535), at);
  if (ending.endsWith('png')) {
    altered.writeUInt32BE(width, 16);
    altered.writeUInt32BE(height, 20);
    altered.writeUInt32BE(crc32(altered.subarray(12, 29)), 29);
  } else if (ending.endsWith('jpg')) {
    const frame = ['ffc0', 'ffc2'].map((marker) => altered.indexOf(Buffer.from(marker, 'hex'))).find((at) => at > 0);
    if (frame === undefined) return altered;
    short(frame + 5, height, 'writeUInt16BE');
    short(frame + 7, width, 'writeUInt16BE');
  } else if (ending === 'gif') {
    short(6, width, 'writeUInt16LE');
    short(8, height, 'writeUInt16LE');
  } else if (ending === 'bmp') {
    altered.writeInt32LE(width, 18);
    altered.writeInt32LE(height, 22);
  } else
    return Buffer.from(altered.toString('latin1').replace('61', String(width)).replace('47', String(height)), 'latin1');
  return altered;
}
