import type { KernelEnum, Sharp } from 'sharp';
import type { ImagePreprocessing } from '../sources/image-preprocessing.ts';
import { imageError, imageFailure } from './image-error.ts';
import type { ImageSample } from './image-sample.ts';
import { openImage } from './load-bytes.ts';
import type { Box, Colour, Pixels, Size } from './pixels.ts';

export interface DecodeOptions {
  /** Size of the result. */
  readonly width: number;
  readonly height: number;
  readonly interpolation: ImagePreprocessing['interpolation'];
  /** What shows through transparent pixels. */
  readonly ground: Colour;
  /** The part of the upright picture to keep; all of it where absent. */
  readonly box?: (size: Size) => Box;
}

const KERNELS: Readonly<Record<ImagePreprocessing['interpolation'], keyof KernelEnum>> = {
  nearest: 'nearest',
  bilinear: 'linear',
  bicubic: 'cubic',
  lanczos3: 'lanczos3',
};

/** Beyond this side, cutting before resizing costs less than the resized whole. */
const LARGEST_RESIZED = 16_384;

/**
 * Decodes a picture in the decoder's thread pool: upright by its EXIF orientation, composed on the
 * ground, converted to 8-bit sRGB, cut to the box and resized to one static size.
 *
 * JPEG and WebP are shrunk while they load to no less than twice the wanted size, so the kernel still
 * does the last halving; the result depends on the library's version, which the encoder's key names.
 * @throws HeadstartError `sample-unreadable`
 */
export async function decodePixels(sample: ImageSample, options: DecodeOptions): Promise<Pixels> {
  const { width, height, ground } = options;
  try {
    const image = await openImage(sample.image, sample.id);
    const upright = image.autoOrient().flatten({ background: { r: ground[0], g: ground[1], b: ground[2] } });
    const size = options.box && (await uprightSize(image));
    const sized = options.box && size ? cut(upright, size, options.box(size), options) : resize(upright, options, options);
    const { data, info } = await sized
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.width !== width || info.height !== height || info.channels !== 3) {
      throw imageError(sample.id, `it decodes to ${info.width} x ${info.height} x ${info.channels}, not ${width} x ${height} x 3`);
    }
    return { width, height, data };
  } catch (cause) {
    throw imageFailure(sample.id, cause);
  }
}

/** The size of a picture as it is shown, its EXIF orientation applied. @throws HeadstartError `sample-unreadable` */
export async function uprightSizeOf(sample: ImageSample): Promise<Size> {
  try {
    return await uprightSize(await openImage(sample.image, sample.id));
  } catch (cause) {
    throw imageFailure(sample.id, cause);
  }
}

async function uprightSize(image: Sharp): Promise<Size> {
  const { autoOrient, width, height } = await image.metadata();
  // Raw input has no orientation.
  return autoOrient?.width ? { width: autoOrient.width, height: autoOrient.height } : { width, height };
}

function resize(image: Sharp, { width, height }: Size, { interpolation }: DecodeOptions): Sharp {
  return image.resize(width, height, { fit: 'fill', kernel: KERNELS[interpolation], fastShrinkOnLoad: false });
}

/**
 * The whole picture is resized so that the box gets the wanted size, then the box is cut out: pixels
 * outside it are hardly computed, and shrink-on-load still works.
 */
function cut(image: Sharp, size: Size, box: Box, options: DecodeOptions): Sharp {
  const { width, height } = options;
  const whole = {
    width: Math.max(width, Math.round((size.width * width) / box.width)),
    height: Math.max(height, Math.round((size.height * height) / box.height)),
  };
  if (Math.max(whole.width, whole.height) > LARGEST_RESIZED) {
    const left = Math.min(size.width - 1, Math.floor(box.left));
    const top = Math.min(size.height - 1, Math.floor(box.top));
    const piece = {
      left,
      top,
      width: Math.min(size.width - left, Math.max(1, Math.round(box.width))),
      height: Math.min(size.height - top, Math.max(1, Math.round(box.height))),
    };
    return resize(image.extract(piece), options, options);
  }
  return resize(image, whole, options).extract({
    left: Math.min(whole.width - width, Math.round((box.left * width) / box.width)),
    top: Math.min(whole.height - height, Math.round((box.top * height) / box.height)),
    width,
    height,
  });
}
