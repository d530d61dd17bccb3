import type { Frame } from '@headstart/core/images';
import { suppress } from '../boxes/suppress.ts';
import { clipBox, type Box, type Size } from '../boxes/box.ts';
import type { Detection } from '../data/detection.ts';
import { outOfFrame } from './frame.ts';

/** Non-maximum suppression as it is known, or Soft-NMS. */
export const SUPPRESSIONS = ['hard', 'soft'] as const;

export interface FindOptions {
  /** Lowest score of a box, 0 to 1. */
  readonly threshold: number;
  readonly suppression: (typeof SUPPRESSIONS)[number];
  /** With `hard` suppression: overlap with a better box of its class beyond which a box counts as the same find. */
  readonly overlap: number;
  /** Boxes per picture. */
  readonly most: number;
}

/** Candidates of a picture that suppression looks at, the best ones. */
const CANDIDATES = 1000;

/** How fast scores fall with the overlap, as in the paper (Bodla et al., 2017). */
const SIGMA = 0.5;

/**
 * The boxes of one picture: scores above the threshold, of each class those that no better one overlaps
 * (non-maximum suppression), or all whose scores are still above it after they fell for that (Soft-NMS), the best
 * first, in pixels of the picture and inside it.
 *
 * @param logits `[cells, classes]` @param xyxy `[cells, 4]`, left, top, right and bottom in pixels of the input
 */
export function findBoxes(
  logits: Float32Array,
  xyxy: Float32Array,
  frame: Frame,
  size: Size,
  { threshold, suppression, overlap, most }: FindOptions,
): Detection[] {
  const classes = (4 * logits.length) / xyxy.length;
  const least = Math.log(threshold / (1 - threshold));
  const found: { at: number; logit: number }[] = [];
  for (let at = 0; at < logits.length; at++) if (logits[at]! >= least) found.push({ at, logit: logits[at]! });
  found.sort((a, b) => b.logit - a.logit || a.at - b.at);
  const candidates = found.slice(0, CANDIDATES).flatMap(({ at, logit }): Detection[] => {
    const box = boxAt(xyxy, Math.floor(at / classes), frame, size);
    return box ? [{ box, label: at % classes, score: 1 / (1 + Math.exp(-logit)) }] : [];
  });
  return suppress(candidates, {
    overlap,
    most,
    ...(suppression === 'soft' && { soft: { sigma: SIGMA, least: threshold } }),
  });
}

function boxAt(xyxy: Float32Array, cell: number, frame: Frame, size: Size): Box | undefined {
  const [left, top, right, bottom] = xyxy.subarray(4 * cell, 4 * cell + 4) as unknown as [
    number,
    number,
    number,
    number,
  ];
  return clipBox(outOfFrame([left, top, right - left, bottom - top], frame), size);
}
