import type { Metadata } from 'sharp';

/** Rows that are decoded one after another take next to nothing; what a picture as a whole takes, per pixel, in bytes. */
const STREAMED = 0.1;

/**
 * Memory that the decoder takes for a picture, in bytes, by its header. Formats that come row by row (JPEG, PNG, most TIFF)
 * are streamed, unless they are progressive or interlaced, or have to be turned; the others are decoded whole.
 */
export function decodingBytes(header: Metadata): number {
  const { width, height, format, channels, depth, isProgressive, chromaSubsampling, orientation = 1 } = header;
  const sample = depth === 'uchar' ? 1 : depth === 'ushort' ? 2 : 4;
  const pixel = Math.max(3, channels) * sample;
  return width * height * Math.max(perPixel(), orientation > 1 ? pixel : 0);

  function perPixel(): number {
    switch (format) {
      case 'jpeg': // the coefficients of all scans: 2 bytes each
        return isProgressive ? 2 * channels * (chromaSubsampling === '4:2:0' ? 0.5 : 1) : STREAMED;
      case 'png':
        return isProgressive ? pixel : STREAMED;
      case 'tiff':
        return STREAMED;
      case 'webp': // planes, and pixels with transparency
        return 5.5;
      case 'heif':
        return 8;
      default:
        return Math.max(5, pixel);
    }
  }
}
