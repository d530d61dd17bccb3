import { open } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { imageError, imageFailure } from './image-error.ts';
import type { ImageLocation } from './image-location.ts';
import { MAX_FILE_BYTES, MAX_PIXELS } from './limits.ts';

/**
 * Reads a picture file. Bytes, not the path, go to the decoder: what is hashed is what is decoded,
 * and an SVG cannot pull in files beside it.
 * @throws HeadstartError `sample-unreadable`
 */
export async function readImageFile(path: string, name: string = path): Promise<Buffer> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    if (size > MAX_FILE_BYTES) throw imageError(name, `it has ${size} bytes, more than the limit of ${MAX_FILE_BYTES}`);
    const bytes = await file.readFile();
    if (bytes.length === 0) throw imageError(name, 'the file is empty');
    return bytes;
  } catch (cause) {
    throw imageFailure(name, cause);
  }
}

/** The picture's bytes behind a decoder that fails on a truncated or broken file instead of filling in grey. */
export function decoderOf(bytes: Buffer): Sharp {
  return sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS });
}

/** Opens a picture for decoding, wherever it is. @throws HeadstartError `sample-unreadable` */
export async function openImage(image: ImageLocation, name: string): Promise<Sharp> {
  if (image.kind === 'file') return decoderOf(await readImageFile(image.path, name));
  const { path, offset, height, width } = image;
  const bytes = Buffer.alloc(height * width);
  try {
    await using file = await open(path, 'r');
    const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
    if (bytesRead < bytes.length) throw imageError(name, `${path} ends before byte ${offset + bytes.length}`);
  } catch (cause) {
    throw imageFailure(name, cause);
  }
  return sharp(bytes, { raw: { width, height, channels: 1 } });
}
