import { decodePixels } from './decode-pixels.ts';
import type { LocatedImage } from './image.ts';

/** Pictures are looked at in this size, in pixels. */
const SIDE = 64;
/** Levels of 256 that a channel may spread over and still be one colour: what JPEG leaves of one. */
const SPREAD = 2;

/**
 * Whether a picture shows nothing but one colour, decoded as a network sees it and made small.
 * @throws HeadstartError `sample-unreadable`
 */
export async function isOneColour(picture: LocatedImage, asStored?: boolean): Promise<boolean> {
  const { data } = await decodePixels(picture, {
    width: SIDE,
    height: SIDE,
    interpolation: 'bilinear',
    background: [255, 255, 255],
    asStored,
  });
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
