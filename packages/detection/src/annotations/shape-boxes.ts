import { boxOf, type Box } from '../boxes/box.ts';

export type Point = readonly [x: number, y: number];

const NO_BOX: Box = [NaN, NaN, NaN, NaN];

/** The upright box around points; of NaN where there are none, or one is no number. */
export function boxAround(points: Iterable<Point>): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return NO_BOX;
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return left <= right ? boxOf([left, top, right, bottom]) : NO_BOX;
}

/** The upright box around a box that is turned clockwise about a point, in pixels and degrees. */
export function boxAroundTurned([x, y, width, height]: Box, degrees: number, [px, py]: Point): Box {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  const turned = ([cx, cy]: Point): Point => [
    px + (cx - px) * cos - (cy - py) * sin,
    py + (cx - px) * sin + (cy - py) * cos,
  ];
  const corners: Point[] = [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
  return boxAround(corners.map(turned));
}

/** The middle of a box. */
export function middleOf([x, y, width, height]: Box): Point {
  return [x + width / 2, y + height / 2];
}

/** The upright box around an ellipse whose half axes are turned clockwise by degrees. */
export function boxAroundEllipse([x, y]: Point, [rx, ry]: Point, degrees = 0): Box {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  const [halfWidth, halfHeight] = [Math.hypot(rx * cos, ry * sin), Math.hypot(rx * sin, ry * cos)];
  return [x - halfWidth, y - halfHeight, 2 * halfWidth, 2 * halfHeight];
}
