import type { KernelEnum, Sharp } from 'sharp';
import { setImmediate } from 'node:timers/promises';
import { enlarge } from './enlarge.ts';
import { imageError, imageFailure } from './image-error.ts';
import { withImage } from './image-file.ts';
import {
  sizesIn,
  type Box,
  type Colour,
  type ImageSizes,
  type Interpolation,
  type LocatedImage,
  type Pixels,
  type Size,
} from './image.ts';
import { planDecode } from './plan-decode.ts';

/** The size, in pixels, that a picture is decoded to, and which part of it. */
export interface DecodeOptions {
  /** Size of the result. */
  readonly width: number;
  readonly height: number;
  readonly interpolation: Interpolation;
  /** What shows through transparent pixels. */
  readonly background: Colour;
  /** Leaves the picture as it is stored: its EXIF orientation is not applied. */
  readonly asStored?: boolean;
  /** The part of the picture to keep, in its pixels after orientation; all of it where absent. */
  readonly box?: (size: Size) => Box;
}

const KERNELS: Readonly<Record<Interpolation, keyof KernelEnum>> = {
  nearest: 'nearest',
  bilinear: 'linear',
  bicubic: 'cubic',
  lanczos3: 'lanczos3',
};

/**
 * Decodes a picture in the decoder's thread pool: upright by its EXIF orientation, composed on the
 * background, converted to 8-bit sRGB, cut to the box and resized to one static size.
 *
 * JPEG and WebP are shrunk while they load to no less than twice the wanted size, so the kernel still
 * does the last halving; the result depends on the library's version, which the encoder's key names.
 * What has to grow is enlarged here, from the few pixels there are.
 * @throws HeadstartError `sample-unreadable`
 */
export async function decodePixels(sample: LocatedImage, options: DecodeOptions): Promise<Pixels> {
  try {
    const { pixels, spans } = await withImage(sample.image, sample.id, ({ open, header }) =>
      decoded(open(), sizesIn(header), sample.id, options),
    );
    await takeTurns();
    return enlarge(pixels, spans, options);
  } catch (cause) {
    throw imageFailure(sample.id, cause);
  }
}

/** The pixels that the decoder makes of it, and which part of them becomes the picture. */
async function decoded(image: Sharp, sizes: ImageSizes, name: string, options: DecodeOptions) {
  const { background, box, asStored = false } = options;
  const size = asStored ? sizes.stored : sizes.upright;
  const plan = planDecode(size, box?.(size) ?? { left: 0, top: 0, ...size }, options);
  const oriented = asStored ? image : image.autoOrient();
  const opaque = oriented.flatten({ background: { r: background[0], g: background[1], b: background[2] } });
  const sized = opaque.resize(plan.x.resized, plan.y.resized, {
    fit: 'fill',
    kernel: KERNELS[options.interpolation],
    fastShrinkOnLoad: false,
  });
  const { data, info } = await sized
    .extract({ left: plan.x.from, top: plan.y.from, width: plan.x.kept, height: plan.y.kept })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw imageError(name, `it decodes to ${info.channels} channels, not red, green and blue`);
  return {
    pixels: { width: info.width, height: info.height, data },
    spans: { x: plan.x.span, y: plan.y.span },
  };
}

/** Settles when the picture that asked last has had its turn. */
let lastTurn: Promise<void> = Promise.resolve();

/**
 * Resolves when the event loop has gone round once for everyone who asked before. Pictures that are decoded side by
 * side often come back together, and what is left to do takes milliseconds for each: one picture a round leaves the loop
 * to others in between.
 */
function takeTurns(): Promise<void> {
  lastTurn = lastTurn.then(() => setImmediate());
  return lastTurn;
}

/** The size of a picture as it is shown, its EXIF orientation applied. @throws HeadstartError `sample-unreadable` */
export async function uprightSizeOf(sample: LocatedImage): Promise<Size> {
  try {
    return await withImage(sample.image, sample.id, ({ header }) => Promise.resolve(sizesIn(header).upright));
  } catch (cause) {
    throw imageFailure(sample.id, cause);
  }
}
