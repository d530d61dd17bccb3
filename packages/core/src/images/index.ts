export { decodePixels, uprightSizeOf, type DecodeOptions } from './decode-pixels.ts';
export { isSideFile, namesImage } from './file-kinds.ts';
export { imageError } from './image-error.ts';
export type {
  Box,
  Colour,
  ImageLocation,
  ImageSizes,
  Interpolation,
  LocatedImage,
  Pixels,
  Size,
} from './image.ts';
export { mapBounded } from './map-bounded.ts';
export { readImageInput, readListedImages, type ImageFacts, type ListedImage } from './read-images.ts';
