import { couldBeOneColour } from './could-be-one-colour.ts';
import { fileContents, withImageFile } from './image-file.ts';
import type { LocatedImage } from './image.ts';
import { smallPixels } from './small-pixels.ts';

/** Pictures are looked at in this size, in pixels. */
const SIDE = 64;
/** Levels of 256 that a channel may spread over and still be one colour: what JPEG leaves of one. */
const SPREAD = 2;

/**
 * Whether a picture shows nothing but one colour, decoded as a network sees it and made small. What is too large a file for
 * that, as photographs are, is not decoded.
 * @throws HeadstartError `sample-unreadable`
 */
export async function isOneColour({ id, image }: LocatedImage, asStored?: boolean): Promise<boolean> {
  if (image.kind === 'idx') return showsOneColour({ id, image }, asStored);
  const look = async (bytes: Buffer) =>
    couldBeOneColour(bytes) && showsOneColour({ id, image: { kind: 'memory', bytes } }, asStored);
  return image.kind === 'file' ? withImageFile(image.path, id, look) : look(fileContents(image.bytes, id));
}

async function showsOneColour(picture: LocatedImage, asStored?: boolean): Promise<boolean> {
  const data = await smallPixels(picture, SIDE, asStored);
  const least = [255, 255, 255];
  const most = [0, 0, 0];
  for (let i = 0; i < data.length; i++) {
    const channel = i % 3;
    if (data[i]! < least[channel]!) least[channel] = data[i]!;
    if (data[i]! > most[channel]!) most[channel] = data[i]!;
    if (most[channel]! - least[channel]! > SPREAD) return false;
  }
  return true;
}
