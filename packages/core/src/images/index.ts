export { annotationFolders } from './annotation-folders.ts';
export { boxesSvg, colourOf, type DrawnBox } from './boxes-svg.ts';
export { drawBoxes, drawThumbnail, type DrawnPicture } from './draw-boxes.ts';
export { decodePixels, uprightSizeOf, type DecodeOptions } from './decode-pixels.ts';
export { isSideFile, namesImage } from './file-kinds.ts';
export { centredBox, frameOf, layIntoFrame, type Fit, type Frame } from './frame.ts';
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
export { masksAmong } from './mask-names.ts';
export { luma, normalise, type PixelScale } from './normalise.ts';
export { PICTURES } from './picture-kind.ts';
export {
  readImageInput,
  readListedImages,
  type ImageFacts,
  type ListedImage,
  type ReadImages,
} from './read-images.ts';
export type { PixelRangeFault } from './pixel-range.ts';
