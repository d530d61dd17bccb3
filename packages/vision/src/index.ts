export { vision, vision as default } from './plugin.ts';
export {
  imageClassification,
  type ImageClassificationOptions,
  type ImagePrediction,
} from './task/image-classification.ts';
export { imageFolder } from './readers/image-folder.ts';
export { imageCsv } from './readers/image-csv.ts';
export { EMOJI_VENDORS, emojiDataset, type EmojiVendor } from './datasets/emoji.ts';
export { mnist } from './datasets/mnist.ts';
export type { ImageSample } from './images/image-sample.ts';
export type { Colour, ImageLocation } from '@headstart/core/images';
export { efficientNetLite0, smallCnn, smallCnnScheme, tfjsScheme } from './sources/index.ts';
export type { ImagePreprocessing } from './sources/image-preprocessing.ts';
