import { areaOf, type Box } from './box.ts';

/** Square pixels that two boxes share. */
export function overlapOf(a: Box, b: Box): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  if (width <= 0) return 0;
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  return height <= 0 ? 0 : width * height;
}

/**
 * Intersection over union, 0 to 1: |a ∩ b| / |a ∪ b|; 0 where the boxes do not overlap.
 *
 * With `crowd`, `b` marks a crowd, in which any number of objects may lie: |a ∩ b| / |a|, as COCO's
 * evaluator has it.
 */
export function iou(a: Box, b: Box, crowd = false): number {
  const shared = overlapOf(a, b);
  if (shared === 0) return 0;
  return shared / (crowd ? areaOf(a) : areaOf(a) + areaOf(b) - shared);
}
