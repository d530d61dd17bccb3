/** A box as COCO writes it: the left and top edge, width and height, in pixels; edges may lie between pixels. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** A box by its corners, `xyxy`, in pixels. */
export type Corners = readonly [left: number, top: number, right: number, bottom: number];

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The corners of a box. */
export function cornersOf([x, y, width, height]: Box): Corners {
  return [x, y, x + width, y + height];
}

/** The box between two corners. */
export function boxOf([left, top, right, bottom]: Corners): Box {
  return [left, top, right - left, bottom - top];
}

/** Square pixels. */
export function areaOf([, , width, height]: Box): number {
  return width * height;
}

/** The part of a box inside a picture; undefined where none is (a shared edge is none). */
export function clipBox(box: Box, size: Size): Box | undefined {
  const [left, top, right, bottom] = cornersOf(box);
  if (left >= 0 && top >= 0 && right <= size.width && bottom <= size.height) return box;
  const clipped: Corners = [
    Math.max(0, left),
    Math.max(0, top),
    Math.min(size.width, right),
    Math.min(size.height, bottom),
  ];
  return clipped[2] > clipped[0] && clipped[3] > clipped[1] ? boxOf(clipped) : undefined;
}

/** Whether a box is so much larger than its picture that its numbers must be of something else, or broken. */
export function dwarfs([, , width, height]: Box, size: Size): boolean {
  return width > 10 * size.width || height > 10 * size.height;
}
