import sharp, { type Sharp } from 'sharp';
import { boxesSvg, type DrawnBox } from './boxes-svg.ts';
import { decodePixels } from './decode-pixels.ts';
import type { Colour, LocatedImage, Size } from './image.ts';

/** A picture to draw on, and the size in which boxes are meant. */
export interface DrawnPicture extends LocatedImage, Size {
  /** Set where its EXIF orientation is not to be applied. */
  readonly asStored?: boolean;
}

/** What shows through transparent pixels. */
const BACKGROUND: Colour = [255, 255, 255];

/**
 * A picture with boxes and their texts drawn over it, as large as the picture, as PNG bytes. Texts are set
 * in a font of the machine (DejaVu Sans, Arial or what it has instead).
 * @throws HeadstartError `sample-unreadable`
 */
export async function drawBoxes(sample: DrawnPicture, boxes: readonly DrawnBox[]): Promise<Buffer> {
  return (await drawn(sample, boxes)).png().toBuffer();
}

async function drawn(sample: DrawnPicture, boxes: readonly DrawnBox[]): Promise<Sharp> {
  const { width, height, asStored } = sample;
  const { data } = await decodePixels(sample, {
    width,
    height,
    interpolation: 'bicubic',
    background: BACKGROUND,
    asStored,
  });
  return sharp(data, { raw: { width, height, channels: 3 } }).composite([
    { input: Buffer.from(boxesSvg(boxes, sample)) },
  ]);
}

/** The same, no wider or higher than `most` pixels, as a JPEG's bytes. */
export async function drawThumbnail(sample: DrawnPicture, boxes: readonly DrawnBox[], most: number): Promise<Buffer> {
  const scale = Math.min(1, most / Math.max(sample.width, sample.height));
  const size = {
    width: Math.max(1, Math.round(sample.width * scale)),
    height: Math.max(1, Math.round(sample.height * scale)),
  };
  const scaled = boxes.map((drawnBox) => ({
    ...drawnBox,
    box: drawnBox.box.map((side) => side * scale) as unknown as DrawnBox['box'],
  }));
  return (await drawn({ ...sample, ...size }, scaled)).jpeg({ quality: 85 }).toBuffer();
}
