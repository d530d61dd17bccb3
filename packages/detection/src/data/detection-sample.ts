import type { LabelledObject, Sample } from '@headstart/core';
import type { ImageLocation } from '@headstart/core/images';
import type { Box } from '../boxes/box.ts';

/** One object in a picture. */
export interface DetectionObject extends LabelledObject {
  /** Pixels of the whole picture; inside it, with a width and a height above zero. */
  readonly box: Box;
  /** Marks a region with an unknown number of objects: nothing to learn from, and no miss where nothing is found. */
  readonly crowd: boolean;
  /** Square pixels of the object; of its mask where the annotation has one. COCO's area ranges go by it. */
  readonly area: number;
  /** The annotation's id; a line or place in its file where the format has none. */
  readonly id: number | string;
}

/**
 * A picture and the objects in it, not decoded. A picture without objects is a negative. `digest` is the
 * SHA-256 of the picture's bytes alone, since features depend on nothing else.
 */
export interface DetectionSample extends Sample {
  readonly image: ImageLocation;
  /** Pixels of the picture as the boxes mean it. */
  readonly width: number;
  readonly height: number;
  /** Set where the boxes lie in the picture as it is stored: its EXIF orientation is not to be applied. */
  readonly asStored?: boolean;
  readonly objects: readonly DetectionObject[];
}
