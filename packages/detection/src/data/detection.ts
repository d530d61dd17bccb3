import type { Box } from '../boxes/box.ts';

/** A box that a detector found. */
export interface Detection {
  /** Pixels of the whole picture. */
  readonly box: Box;
  /** Index into the label list. */
  readonly label: number;
  /** How sure the detector is; COCO's metrics use the order only. */
  readonly score: number;
}
