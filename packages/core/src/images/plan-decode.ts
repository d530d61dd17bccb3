import { MARGIN, type Span } from './enlarge.ts';
import type { Box, Size } from './image.ts';

/** What happens to one axis: the whole is resized, a part kept, and a span of that part enlarged. */
export interface AxisPlan {
  readonly resized: number;
  readonly from: number;
  readonly kept: number;
  readonly span?: Span;
}

/** How a box of a picture of `size` becomes `width` x `height` pixels: each axis for itself. */
export function planDecode(size: Size, box: Box, { width, height }: Size): { x: AxisPlan; y: AxisPlan } {
  return { x: planAxis(size.width, box.left, box.width, width), y: planAxis(size.height, box.top, box.height, height) };
}

/**
 * An axis that shrinks is resized as a whole, so that the box gets the wanted length, and then cut:
 * shrink-on-load still works. One that grows keeps its pixels, and those the box needs are kept.
 */
function planAxis(size: number, start: number, length: number, wanted: number): AxisPlan {
  if (length >= wanted) {
    const resized = Math.max(wanted, Math.round((size * wanted) / length));
    return {
      resized,
      from: Math.min(resized - wanted, Math.max(0, Math.round((start * wanted) / length))),
      kept: wanted,
    };
  }
  const from = Math.max(0, Math.floor(start) - MARGIN);
  const kept = Math.min(size, Math.ceil(start + length) + MARGIN) - from;
  return { resized: size, from, kept, span: { start: start - from, length } };
}
