import { HeadstartError } from '@headstart/artifacts/errors';
import { openToRead } from '@headstart/artifacts/storage';
import sharp, { type Sharp } from 'sharp';
import { imageError, imageFailure, unreadError } from './image-error.ts';
import { pixelRangeFault, type PixelRangeFault } from './pixel-range.ts';
import { sizesIn, type ImageLocation, type ImageSizes } from './image.ts';
import { decodePlain } from './plain-picture.ts';
import { unreadFormat } from './unread-format.ts';

/**
 * The most pixels a picture may have, 16,383 x 16,383 = 268,402,689: above the sensors of today's
 * cameras (200 megapixels), below what a small file can claim to unpack to.
 */
const MAX_PIXELS = 16_383 * 16_383;

/** The largest picture file, in bytes. A file is held in memory while it is decoded. */
const MAX_FILE_BYTES = 512 * 2 ** 20;

/**
 * Reads a picture file. Bytes, not the path, go to the decoder: what is hashed is what is decoded,
 * and an SVG cannot pull in files beside it.
 * @throws HeadstartError `sample-unreadable`
 */
export async function readImageFile(path: string, name: string = path): Promise<Buffer> {
  try {
    await using file = await openToRead(path);
    checkLength((await file.stat()).size, name);
    const bytes = await file.readFile();
    if (bytes.length === 0) throw imageError(name, 'the file is empty');
    return bytes;
  } catch (cause) {
    throw imageFailure(name, cause);
  }
}

/** A file's contents in memory, within the limits of files. @throws HeadstartError `sample-unreadable` */
export function fileContents({ buffer, byteOffset, byteLength }: Uint8Array, name: string): Buffer {
  checkLength(byteLength, name);
  if (byteLength === 0) throw imageError(name, 'it has no bytes');
  return Buffer.from(buffer, byteOffset, byteLength);
}

function checkLength(size: number, name: string): void {
  if (size > MAX_FILE_BYTES) throw imageError(name, `it has ${size} bytes, more than the limit of ${MAX_FILE_BYTES}`);
}

/** Opens a picture for decoding, wherever it is. @throws HeadstartError `sample-unreadable` */
export async function openImage(image: ImageLocation, name: string): Promise<Sharp> {
  if (image.kind === 'file') return decoderOf(await readImageFile(image.path, name));
  if (image.kind === 'memory') return decoderOf(image.bytes);
  const { path, offset, height, width } = image;
  const bytes = Buffer.alloc(height * width);
  try {
    await using file = await openToRead(path);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
    if (bytesRead < bytes.length) throw imageError(name, `${path} ends before byte ${offset + bytes.length}`);
  } catch (cause) {
    throw imageFailure(name, cause);
  }
  return sharp(bytes, { raw: { width, height, channels: 1 } });
}

/** The picture's bytes behind a decoder that fails on a truncated or broken file instead of filling in grey. */
function decoderOf(bytes: Uint8Array, limitInputPixels: number | false = MAX_PIXELS): Sharp {
  const plain = decodePlain(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (!plain) return sharp(bytes, { failOn: 'error', limitInputPixels });
  const { data, ...raw } = plain;
  return sharp(data, { raw, limitInputPixels });
}

/** What a look at a picture's file shows. */
export interface InspectedImage {
  readonly sizes: ImageSizes;
  /** How its numbers do not come through when it is decoded; absent where they do. */
  readonly fault?: PixelRangeFault;
}

/**
 * Checks that bytes are a picture, without decoding it where that can be avoided: the header is
 * read, the size compared with the limit, and the end looked at. A file whose end does not prove
 * that it is whole (and every file when `thorough`) is decoded once.
 * @throws HeadstartError `sample-unreadable`
 */
export async function inspectImage(
  bytes: Buffer,
  name: string,
  { thorough }: { thorough: boolean },
): Promise<InspectedImage> {
  const unread = unreadFormat(bytes, name);
  if (unread && !unread.tried) throw unreadError(name, unread);
  try {
    const header = await decoderOf(bytes, false).metadata();
    const { width, height, format } = header;
    if (width * height > MAX_PIXELS) {
      throw imageError(
        name,
        `it has ${width} x ${height} pixels, more than the limit of ${MAX_PIXELS.toLocaleString('en')}`,
        "Scale it down (any size well above the network's input serves), or remove it; train and evaluate leave it out with --skip-bad.",
      );
    }
    if (thorough || !endsWhole(bytes, format)) await decodeOnce(bytes);
    return { sizes: sizesIn(header), fault: await pixelRangeFault(header, () => decoderOf(bytes)) };
  } catch (cause) {
    // What the decoder says of a format that it was not built for differs from picture to picture.
    throw unread && !HeadstartError.is(cause) ? unreadError(name, unread, cause) : imageFailure(name, cause);
  }
}

/** Reads every row; the result is small so that memory stays small. */
async function decodeOnce(bytes: Buffer): Promise<void> {
  await decoderOf(bytes).resize(16, 16, { fit: 'fill', kernel: 'linear' }).raw().toBuffer();
}

const JPEG_END = Buffer.from([0xff, 0xd9]);
const PNG_END = Buffer.from([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);
const GIF_END = Buffer.from([0x3b]);

/** Whether the container's end marker stands at the end (JPEG EOI, PNG IEND, GIF trailer, RIFF length). */
function endsWhole(bytes: Buffer, format: string): boolean {
  switch (format) {
    case 'jpeg':
      return endsWith(bytes, JPEG_END);
    case 'png':
      return endsWith(bytes, PNG_END);
    case 'gif':
      return endsWith(bytes, GIF_END);
    case 'raw': // decoded when it was opened
      return true;
    case 'webp':
      return bytes.length >= 8 && bytes.length >= bytes.readUInt32LE(4) + 8;
    default:
      return false;
  }
}

function endsWith(bytes: Buffer, end: Buffer): boolean {
  return bytes.subarray(-end.length).equals(end);
}
