import { decodePixels, type Colour, type Pixels } from '@headstart/core/images';
import type { DetectionSample } from '../data/detection-sample.ts';
import type { DetectorPreprocessing } from '../sources/detector-preprocessing.ts';
import { frameOf } from './frame.ts';

/** What shows through transparent pixels. */
const BACKGROUND: Colour = [255, 255, 255];

/**
 * Decodes a picture and puts it into the input where its frame is; the rest of the input is black.
 * @throws HeadstartError `sample-unreadable`
 */
export async function readPicture(sample: DetectionSample, input: DetectorPreprocessing): Promise<Pixels> {
  const { width, height, left, top } = frameOf(sample, input);
  const { interpolation } = input;
  const picture = await decodePixels(sample, {
    width,
    height,
    interpolation,
    background: BACKGROUND,
    asStored: sample.asStored,
  });
  if (width === input.width && height === input.height) return picture;
  const data = new Uint8Array(input.width * input.height * 3);
  for (let row = 0; row < height; row++) {
    data.set(picture.data.subarray(row * width * 3, (row + 1) * width * 3), ((top + row) * input.width + left) * 3);
  }
  return { width: input.width, height: input.height, data };
}

/** `[height, width, 3]` floats: (pixel - mean) / deviation per channel, in the input's order of channels. */
export function normalise({ data }: Pixels, { order, mean, deviation }: DetectorPreprocessing): Float32Array {
  const values = new Float32Array(data.length);
  for (let c = 0; c < 3; c++) {
    const from = order === 'RGB' ? c : 2 - c;
    const [centre, scale] = [mean[c]!, 1 / deviation[c]!];
    for (let i = 0; i < data.length; i += 3) values[i + c] = (data[i + from]! - centre) * scale;
  }
  return values;
}
