import { decode } from 'bmp-ts';
import { decodeNetpbm, isNetpbm, netpbmHeader } from './netpbm.ts';

/** A picture's pixels as a file holds them: 8 bits a channel, row-major `[height, width, channels]`. */
export interface PlainPicture {
  readonly width: number;
  readonly height: number;
  /** Grey, or red, green and blue. */
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** What one byte of a run-length-coded BMP unpacks to at most: a pair of bytes makes 255 pixels. */
const RUN = 128;

/**
 * The size of such a picture by its header, and the memory that decoding it takes, in bytes. Undefined for any other format.
 * @throws Error for a header that is cut off or claims more than the file can hold
 */
export function plainSize(bytes: Buffer): { width: number; height: number; bytes: number } | undefined {
  if (isNetpbm(bytes)) {
    const { width, height, channels } = netpbmHeader(bytes);
    return { width, height, bytes: width * height * channels };
  }
  if (!isBmp(bytes)) return undefined;
  const { width, height } = bmpHeader(bytes);
  return { width, height, bytes: width * height * 7 };
}

/**
 * Decodes a picture of a format that sharp does not read and that stands plainly in its file: BMP, and Netpbm (PBM, PGM,
 * PPM): one of which `plainSize` says the size.
 * @throws Error for a picture that is cut off or damaged
 */
export function decodePlain(bytes: Buffer): PlainPicture {
  return isNetpbm(bytes) ? decodeNetpbm(bytes) : decodeBmp(bytes);
}

/** Whether bytes begin as a BMP: "BM", and a header of one of the sizes that there are. */
function isBmp(bytes: Buffer): boolean {
  return (
    bytes.length > 30 &&
    bytes.toString('latin1', 0, 2) === 'BM' &&
    [40, 52, 56, 108, 124].includes(bytes.readUInt32LE(14))
  );
}

function bmpHeader(bytes: Buffer): { width: number; height: number } {
  const [width, height] = [bytes.readInt32LE(18), Math.abs(bytes.readInt32LE(22))];
  const bits = bytes.readUInt16LE(28);
  // The header may claim any size: no more is made room for than the file can fill.
  const most = bits > 0 ? Math.max((8 * bytes.length) / bits, bits <= 8 ? RUN * bytes.length : 0) : 0;
  if (width <= 0 || height === 0 || width * height > most) throw new Error('its data are cut off or damaged');
  return { width, height };
}

/** The opaque pixels of a BMP; what BMP files have for transparency is used by few programs and not meant by most. */
function decodeBmp(bytes: Buffer): PlainPicture {
  const { width, height } = bmpHeader(bytes);
  const { data: abgr } = decode(bytes);
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    data[to] = abgr[from + 3]!;
    data[to + 1] = abgr[from + 2]!;
    data[to + 2] = abgr[from + 1]!;
  }
  return { width, height, channels: 3, data };
}
