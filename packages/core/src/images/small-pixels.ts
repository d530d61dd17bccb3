import { decodePixels } from './decode-pixels.ts';
import type { LocatedImage } from './image.ts';

/**
 * A picture on white, made so small that it can be looked at as a whole.
 * @param side in pixels
 * @returns 8-bit sRGB, `[side, side, 3]`
 * @throws HeadstartError `sample-unreadable`
 */
export async function smallPixels(picture: LocatedImage, side: number, asStored?: boolean): Promise<Uint8Array> {
  const { data } = await decodePixels(picture, {
    width: side,
    height: side,
    interpolation: 'bilinear',
    background: [255, 255, 255],
    asStored,
  });
  return data;
}
