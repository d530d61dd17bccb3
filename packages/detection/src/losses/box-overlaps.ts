import type { Tensor } from '@tensorflow/tfjs-core';
import { boxOverlap } from './box-overlap.ts';
import { completeOverlap } from './complete-overlap.ts';

/** Compares boxes by their edges: `iou`, and `bounded` of at most 1, which the loss of a box falls short by. */
export type BoxOverlap = (a: Tensor, b: Tensor) => { readonly iou: Tensor; readonly bounded: Tensor };

/** By name. */
export const OVERLAPS = {
  giou: (a, b) => {
    const { iou, giou } = boxOverlap(a, b);
    return { iou, bounded: giou };
  },
  ciou: (a, b) => {
    const { iou, ciou } = completeOverlap(a, b);
    return { iou, bounded: ciou };
  },
} satisfies Record<string, BoxOverlap>;
