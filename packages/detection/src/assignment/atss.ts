import { iou } from '../boxes/iou.ts';
import type { Box } from '../boxes/box.ts';
import type { Cells, Level } from '../heads/cells.ts';

/** An object in pixels of the network's input. */
export interface InputObject {
  readonly box: Box;
  readonly label: number;
  readonly crowd: boolean;
}

/** What each cell is to learn. */
export interface Assignment {
  /** The class; `BACKGROUND` where the cell shows no object, `IGNORED` where nothing is to be learned. */
  readonly labels: Int32Array;
  /** Distances from the cell's middle to the left, top, right and bottom of its object in strides, `[cells, 4]`; 0 where it has none. */
  readonly ltrb: Float32Array;
}

export const BACKGROUND = -1;
export const IGNORED = -2;

/** Candidates per object and level (Zhang et al., 2020, section 3.3). */
const NEAREST = 9;
/** The nine nearest cells of a point inside the grid lie within this many rows and columns, at its corner too. */
const RADIUS = 4;
/** The square that a cell stands for has this many strides per side; it only ranks candidates. */
const ANCHOR = 5;

/**
 * Adaptive training sample selection (Zhang et al., 2020, "Bridging the gap between anchor-based and
 * anchor-free detection"): of the nine cells per level that are nearest to an object's middle, those are
 * its own whose square overlaps it by mean + standard deviation of all candidates' overlaps at least, and whose
 * middle lies inside it. A cell of several objects takes the one that it overlaps most. An object that
 * would have no cell takes the nearest one that is free. Depends on boxes only, not on predictions.
 */
export function assignAdaptively(objects: readonly InputObject[], cells: Cells): Assignment {
  const labels = new Int32Array(cells.count).fill(BACKGROUND);
  const ltrb = new Float32Array(4 * cells.count);
  const overlaps = new Float32Array(cells.count);
  for (const { box, crowd } of objects) if (crowd) cellsInside(box, cells, (cell) => (labels[cell] = IGNORED));
  const take = (cell: number, { box: [x, y, width, height], label }: InputObject, overlap: number) => {
    labels[cell] = label;
    overlaps[cell] = overlap;
    const [across, down, stride] = [cells.x[cell]!, cells.y[cell]!, cells.stride[cell]!];
    ltrb.set(
      [across - x, down - y, x + width - across, y + height - down].map((pixels) => pixels / stride),
      4 * cell,
    );
  };
  const left: { object: InputObject; candidates: readonly Candidate[] }[] = [];
  for (const object of objects) {
    if (object.crowd) continue;
    const candidates = cells.levels.flatMap((level) => nearestCells(object.box, level, cells));
    const limit = meanPlusStandardDeviation(candidates.map(({ overlap }) => overlap));
    const own = candidates.filter(
      ({ cell, overlap }) => overlap >= limit && contains(object.box, cells.x[cell]!, cells.y[cell]!),
    );
    for (const { cell, overlap } of own)
      if (labels[cell]! < 0 || overlap > overlaps[cell]!) take(cell, object, overlap);
    if (own.length === 0) left.push({ object, candidates });
  }
  for (const { object, candidates } of left) {
    const free = candidates
      .filter(({ cell }) => labels[cell]! < 0)
      .sort((a, b) => a.distance - b.distance || a.cell - b.cell)[0];
    if (free) take(free.cell, object, free.overlap);
  }
  return { labels, ltrb };
}

interface Candidate {
  readonly cell: number;
  /** Squared, in pixels, from the cell's middle to the object's. */
  readonly distance: number;
  readonly overlap: number;
}

function nearestCells(box: Box, { stride, rows, columns, first }: Level, cells: Cells): Candidate[] {
  const [x, y] = [box[0] + box[2] / 2, box[1] + box[3] / 2];
  const [row, column] = [Math.floor(y / stride), Math.floor(x / stride)];
  const found: Candidate[] = [];
  for (let i = Math.max(0, row - RADIUS); i <= Math.min(rows - 1, row + RADIUS); i++) {
    for (let j = Math.max(0, column - RADIUS); j <= Math.min(columns - 1, column + RADIUS); j++) {
      const cell = first + i * columns + j;
      const [dx, dy] = [cells.x[cell]! - x, cells.y[cell]! - y];
      found.push({ cell, distance: dx * dx + dy * dy, overlap: iou(box, squareAt(cells, cell)) });
    }
  }
  return found.sort((a, b) => a.distance - b.distance || a.cell - b.cell).slice(0, NEAREST);
}

function squareAt({ x, y, stride }: Cells, cell: number): Box {
  const side = ANCHOR * stride[cell]!;
  return [x[cell]! - side / 2, y[cell]! - side / 2, side, side];
}

function contains([left, top, width, height]: Box, x: number, y: number): boolean {
  return x > left && x < left + width && y > top && y < top + height;
}

/** The standard deviation is that of a sample (n - 1), as the paper's code has it. */
function meanPlusStandardDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return mean + Math.sqrt(squares / Math.max(1, values.length - 1));
}

/** Visits the cells whose middle lies inside a box. */
export function cellsInside(box: Box, cells: Cells, visit: (cell: number) => void): void {
  for (let cell = 0; cell < cells.count; cell++) if (contains(box, cells.x[cell]!, cells.y[cell]!)) visit(cell);
}
