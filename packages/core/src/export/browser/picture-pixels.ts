import type { Colour, Pixels } from '../../images/image.ts';
import type { PageInput } from './contract.ts';
import { PageFailure, reasonOf } from './page-error.ts';
import { pngPixels } from './png-pixels.ts';

/** A decoded picture, and whether it is a JPEG, which Node shrinks while it decodes. */
export interface DecodedPicture extends Pixels {
  readonly jpeg: boolean;
}

/**
 * Decodes a picture as Node does: upright by its EXIF orientation, in sRGB, composed on the background.
 * @throws PageError `input-unreadable`
 */
export async function picturePixels(input: PageInput, background: Colour): Promise<DecodedPicture> {
  const source = sourceOf(input);
  const head =
    source instanceof Blob ? new Uint8Array(await source.slice(0, HEAD_BYTES).arrayBuffer()) : new Uint8Array();
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(source, {
      imageOrientation: 'from-image',
      premultiplyAlpha: 'none',
      // Node converts by an embedded profile and passes over everything else that speaks of colours.
      colorSpaceConversion: has(head, PROFILE_MARKS) ? 'default' : 'none',
    });
  } catch (cause) {
    throw new PageFailure({
      code: 'input-unreadable',
      message: `${nameOf(input)} is not a picture that this browser can decode: ${reasonOf(cause)}.`,
      hint: 'Give a PNG, JPEG, WebP or GIF file.',
      cause,
    });
  }
  try {
    return { ...(await compose(bitmap, source, head, background)), jpeg: head[0] === 0xff && head[1] === 0xd8 };
  } finally {
    bitmap.close();
  }
}

/** Where profiles are announced: before the pixels. */
const HEAD_BYTES = 256 * 1024;
const PROFILE_MARKS = ['ICC_PROFILE\0', 'iCCP', 'ICCP'];

/** By which a PNG announces an orientation. */
const TURNED_MARK = 'eXIf';

function has(head: Uint8Array, marks: readonly string[]): boolean {
  const text = new TextDecoder('latin1').decode(head);
  return marks.some((mark) => text.includes(mark));
}

function sourceOf(input: PageInput): ImageBitmapSource {
  if (input instanceof ArrayBuffer || input instanceof Uint8Array) return new Blob([input as BlobPart]);
  if (typeof input !== 'string' && !Array.isArray(input)) return input as ImageBitmapSource;
  throw new PageFailure({
    code: 'input-unreadable',
    message: 'The model takes a picture, and a text was given.',
    hint: "Give the picture's file: a Blob or File, its bytes, or an element that shows it.",
  });
}

function nameOf(input: PageInput): string {
  return input instanceof File ? `"${input.name}"` : 'What was given';
}

/** The pixels on the background: c a + b (1 - a), rounded down as libvips does. */
async function compose(
  bitmap: ImageBitmap,
  source: ImageBitmapSource,
  head: Uint8Array,
  background: Colour,
): Promise<Pixels> {
  const { width, height } = bitmap;
  let rgba: Uint8ClampedArray | Uint8Array = drawnPixels(bitmap);
  if (shinesThrough(rgba)) rgba = (await storedPixels(source, head)) ?? rgba;
  const data = new Uint8Array(3 * width * height);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    const alpha = rgba[from + 3]!;
    for (let c = 0; c < 3; c++) data[to + c] = (rgba[from + c]! * alpha + background[c]! * (255 - alpha)) / 255;
  }
  return { width, height, data };
}

/** `[height, width, 4]`; what shines through is rounded, since canvases keep colours times alpha. */
function drawnPixels(bitmap: ImageBitmap): Uint8ClampedArray {
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) {
    throw new PageFailure({
      code: 'input-unreadable',
      message: `A picture of ${width} x ${height} pixels is more than this browser can hold.`,
      hint: 'Scale the picture down.',
    });
  }
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, width, height).data;
}

function shinesThrough(rgba: Uint8ClampedArray): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i]! > 0 && rgba[i]! < 255) return true;
  return false;
}

/** A PNG file's pixels as it stores them, where the browser has not turned them upright or converted their colours. */
async function storedPixels(source: ImageBitmapSource, head: Uint8Array): Promise<Uint8Array | undefined> {
  if (!(source instanceof Blob) || has(head, [...PROFILE_MARKS, TURNED_MARK])) return undefined;
  return pngPixels(new Uint8Array(await source.arrayBuffer()));
}
