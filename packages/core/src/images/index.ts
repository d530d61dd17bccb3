export { decodePixels, uprightSizeOf, type DecodeOptions } from './decode-pixels.ts';
export { isSideFile, namesImage } from './file-kinds.ts';
export { imageError } from './image-error.ts';
export type { ImageLocation, LocatedImage } from './image-location.ts';
export type { ImageSizes } from './image-sizes.ts';
export { inspectImage } from './inspect-image.ts';
export { readImageFile } from './load-bytes.ts';
export { mapBounded } from './map-bounded.ts';
export type { Box, Colour, Interpolation, Pixels, Size } from './pixels.ts';
