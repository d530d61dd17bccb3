import { HeadstartError } from '@headstart/artifacts/errors';
import { openToRead } from '@headstart/artifacts/storage';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { skipHint } from '../domains/skip-hint.ts';
import { decodingBytes } from './decoding-memory.ts';
import { imageError, imageFailure, unreadError } from './image-error.ts';
import { pixelRangeFault, type PixelRangeFault } from './pixel-range.ts';
import { sizesIn, type ImageLocation, type ImageSizes, type Size } from './image.ts';
import { decodePlain, plainSize } from './plain-picture.ts';
import { Room } from './room.ts';
import { unreadFormat } from './unread-format.ts';

/**
 * The most pixels a picture may have, 16,383 x 16,383 = 268,402,689: above the sensors of today's
 * cameras (200 megapixels), below what a small file can claim to unpack to.
 */
const MAX_PIXELS = 16_383 * 16_383;

/** The largest picture file, in bytes. A file is held in memory while it is decoded. */
const MAX_FILE_BYTES = 512 * 2 ** 20;

// libvips keeps what it decoded last in case it is asked for again, which no picture here is: gigabytes after a few large ones.
sharp.cache(false);

/** Bytes of picture files that are in memory at a time, over all who read. */
const FILES = new Room(MAX_FILE_BYTES);

/** Memory that one picture may take while it is decoded, and all together that are, in bytes. */
const MAX_DECODING = 896 * 2 ** 20;
const DECODING = new Room(768 * 2 ** 20);

/**
 * Reads a picture file and works on its bytes, which count among those under way until that is done. Bytes, not the path, go to the
 * decoder: what is hashed is what is decoded, and an SVG cannot pull in files beside it.
 * @throws HeadstartError `sample-unreadable`
 */
export async function withImageFile<T>(path: string, name: string, work: (bytes: Buffer) => Promise<T>): Promise<T> {
  try {
    await using file = await openToRead(path);
    const { size } = await file.stat();
    checkLength(size, name);
    return await FILES.within(size, async () => {
      const bytes = await file.readFile();
      if (bytes.length === 0) throw imageError(name, 'the file is empty');
      return work(bytes);
    });
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

/** A picture that may be decoded: how, and what its header says. */
export interface OpenedImage {
  readonly header: Metadata;
  /** A decoder that fails on a truncated or broken file instead of filling in grey. */
  readonly open: () => Sharp;
}

/**
 * Works on a picture, wherever it is, when there is room to decode it.
 * @throws HeadstartError `sample-unreadable`
 */
export async function withImage<T>(
  image: ImageLocation,
  name: string,
  work: (opened: OpenedImage) => Promise<T>,
): Promise<T> {
  if (image.kind === 'file') return withImageFile(image.path, name, (bytes) => withDecoder(bytes, name, work));
  if (image.kind === 'memory') return withDecoder(fileContents(image.bytes, name), name, work);
  const { path, offset, height, width } = image;
  const bytes = Buffer.alloc(height * width);
  try {
    await using file = await openToRead(path);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
    if (bytesRead < bytes.length) throw imageError(name, `${path} ends before byte ${offset + bytes.length}`);
  } catch (cause) {
    throw imageFailure(name, cause);
  }
  const open = () => sharp(bytes, { raw: { width, height, channels: 1 } });
  return work({ open, header: await open().metadata() });
}

async function withDecoder<T>(bytes: Buffer, name: string, work: (opened: OpenedImage) => Promise<T>): Promise<T> {
  const plain = plainSize(bytes);
  if (plain) {
    checkPixels(plain, plain.bytes, name);
    return DECODING.within(plain.bytes, async () => {
      const { data, ...raw } = decodePlain(bytes);
      const open = () => sharp(data, { raw, limitInputPixels: MAX_PIXELS });
      return work({ open, header: await open().metadata() });
    });
  }
  const header = await sharp(bytes, { failOn: 'error', limitInputPixels: false }).metadata();
  const taken = decodingBytes(header);
  checkPixels(header, taken, name);
  const open = () => sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS });
  return DECODING.within(taken, () => work({ open, header }));
}

/** @param taken memory that decoding takes, in bytes */
function checkPixels({ width, height }: Size, taken: number, name: string): void {
  const hint = `Scale it down (any size well above the network's input serves), or remove it; ${skipHint('it')}`;
  const size = `it has ${width} x ${height} pixels`;
  if (width * height > MAX_PIXELS)
    throw imageError(name, `${size}, more than the limit of ${MAX_PIXELS.toLocaleString('en')}`, hint);
  if (taken > MAX_DECODING)
    throw imageError(
      name,
      `${size} that are decoded all at once, in ${Math.ceil(taken / 2 ** 20)} MiB of memory where ${MAX_DECODING / 2 ** 20} MiB are allowed`,
      hint,
    );
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
    return await withDecoder(bytes, name, async ({ open, header }) => {
      if (thorough || !endsWhole(bytes, header.format)) await decodeOnce(open());
      return { sizes: sizesIn(header), fault: await pixelRangeFault(header, open) };
    });
  } catch (cause) {
    // What the decoder says of a format that it was not built for differs from picture to picture.
    throw unread && !HeadstartError.is(cause) ? unreadError(name, unread, cause) : imageFailure(name, cause);
  }
}

/** Reads every row; the result is small so that memory stays small. */
async function decodeOnce(image: Sharp): Promise<void> {
  await image.resize(16, 16, { fit: 'fill', kernel: 'linear' }).raw().toBuffer();
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
