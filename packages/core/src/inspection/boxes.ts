import type { Sample } from '../domains/target-domain.ts';
import type { PictureView } from '../tasks/sample-view.ts';

type Box = NonNullable<PictureView['boxes']>[number];

/** Boxes of one class that overlap by more than this are one object twice. */
const SAME_OBJECT = 0.95;

/** The places of objects that have the class and, all but, the box of an earlier one. */
export function doubledObjects({ objects = [] }: Sample, boxes: readonly Box[]): number[] {
  const doubled = new Set<number>();
  const known = new Set<string>();
  // Thousands of one box would each be compared with all others.
  const order = [...boxes.keys()].filter((place) => {
    const key = `${objects[place]?.label} ${boxes[place]!.join(' ')}`;
    if (known.has(key)) doubled.add(place);
    return known.size < known.add(key).size;
  });
  order.sort((a, b) => boxes[a]![0] - boxes[b]![0] || a - b);
  order.forEach((place, at) => {
    for (let next = at + 1; next < order.length; next++) {
      const other = order[next]!;
      // Boxes begin at growing places: from here on none overlaps enough.
      if (boxes[other]![0] > boxes[place]![0] + (1 - SAME_OBJECT) * boxes[place]![2] + 1e-9) break;
      if (objects[place]?.label !== objects[other]?.label) continue;
      if (overlapOf(boxes[place]!, boxes[other]!) > SAME_OBJECT) doubled.add(Math.max(place, other));
    }
  });
  return [...doubled].sort((a, b) => a - b);
}

/** Intersection over union. */
function overlapOf([x, y, width, height]: Box, [otherX, otherY, otherWidth, otherHeight]: Box): number {
  const across = Math.min(x + width, otherX + otherWidth) - Math.max(x, otherX);
  const down = Math.min(y + height, otherY + otherHeight) - Math.max(y, otherY);
  if (across <= 0 || down <= 0) return 0;
  const shared = across * down;
  return shared / (width * height + otherWidth * otherHeight - shared);
}

/** The longest side of the pictures that detectors look at here, in pixels. */
const SEEN_SIDE = 640;
/** A box whose shorter side is below this has nothing left in it. */
const LEAST_SIDE = 2;

/** Whether a box is too small to be seen once the picture is shrunk. */
export function isUnseen([, , width, height]: Box, size: NonNullable<PictureView['size']>): boolean {
  const scale = Math.min(1, SEEN_SIDE / Math.max(size.width, size.height));
  return Math.min(width, height) * scale < LEAST_SIDE;
}
