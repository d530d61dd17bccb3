import { decodePixels, frameOf, layIntoFrame, type Colour, type Pixels } from '@headstart/core/images';
import type { DetectionSample } from '../data/detection-sample.ts';
import type { DetectorPreprocessing } from '../sources/detector-preprocessing.ts';

/** What shows through transparent pixels. */
export const BACKGROUND: Colour = [255, 255, 255];

/**
 * Decodes a picture and puts it into the input where its frame is; the rest of the input is black.
 * @throws HeadstartError `sample-unreadable`
 */
export async function readPicture(sample: DetectionSample, input: DetectorPreprocessing): Promise<Pixels> {
  const frame = frameOf(sample, input);
  const { width, height } = frame;
  const { interpolation } = input;
  const picture = await decodePixels(sample, {
    width,
    height,
    interpolation,
    background: BACKGROUND,
    asStored: sample.asStored,
  });
  return layIntoFrame(picture, frame, input);
}
