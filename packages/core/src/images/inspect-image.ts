import { imageError, imageFailure } from './image-error.ts';
import { sizesIn, type ImageSizes } from './image-sizes.ts';
import { MAX_PIXELS } from './limits.ts';
import { decoderOf } from './load-bytes.ts';
import sharp from 'sharp';

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
): Promise<ImageSizes> {
  try {
    const header = await sharp(bytes, { limitInputPixels: false }).metadata();
    const { width, height, format } = header;
    if (width * height > MAX_PIXELS) {
      throw imageError(
        name,
        `it has ${width} x ${height} pixels, more than the limit of ${MAX_PIXELS.toLocaleString('en')}`,
        "Scale it down (any size well above the network's input serves), or remove it; train and evaluate leave it out with --skip-bad.",
      );
    }
    if (thorough || !endsWhole(bytes, format)) await decodeOnce(bytes);
    return sizesIn(header);
  } catch (cause) {
    throw imageFailure(name, cause);
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
    case 'webp':
      return bytes.length >= 8 && bytes.length >= bytes.readUInt32LE(4) + 8;
    default:
      return false;
  }
}

function endsWith(bytes: Buffer, end: Buffer): boolean {
  return bytes.subarray(-end.length).equals(end);
}
