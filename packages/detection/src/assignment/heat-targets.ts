import type { Backbone } from '@headstart/core/network';
import { heatGrid } from '../heads/heat-grid.ts';
import type { InputObject } from './atss.ts';
import type { CellTargets } from './cell-targets.ts';

/** Overlap with the object that a box keeps whose middle is moved by the radius. */
const KEPT = 0.7;

/**
 * For a heat-map head (Zhou et al., 2019, "Objects as points", section 3), on a grid of stride 4:
 *
 * - `heat` `[cells, classes]`: a Gaussian around each object's middle, 1 in the cell that holds it, the
 *   higher one where two of a class meet; -1 inside a crowd, where nothing is to be learned;
 * - `extent` `[cells, 5]`: width and height in cells, the middle's place in its cell (0 to 1 each way), and 1
 *   where the cell holds a middle. Of two objects in one cell the smaller one is learned.
 */
export function heatTargets(backbone: Backbone, classes: number): CellTargets {
  const { rows, columns, stride } = heatGrid(backbone);
  const count = rows * columns;
  return {
    specs: { heat: { shape: [count, classes], dtype: 'float32' }, extent: { shape: [count, 5], dtype: 'float32' } },
    of(objects) {
      const heat = new Float32Array(count * classes);
      const extent = new Float32Array(5 * count);
      for (const object of bySize(objects)) {
        const [x, y, width, height] = object.box.map((pixels) => pixels / stride) as [number, number, number, number];
        if (object.crowd) {
          forCells([x, y, x + width, y + height], rows, columns, (cell) =>
            heat.fill(-1, cell * classes, (cell + 1) * classes),
          );
          continue;
        }
        const [across, down] = [x + width / 2, y + height / 2];
        const [column, row] = [Math.min(columns - 1, Math.floor(across)), Math.min(rows - 1, Math.floor(down))];
        const radius = Math.max(0, Math.floor(gaussianRadius(width, height)));
        const variance = 2 * ((2 * radius + 1) / 6) ** 2;
        forCells(
          [column - radius, row - radius, column + radius + 1, row + radius + 1],
          rows,
          columns,
          (cell, i, j) => {
            const at = cell * classes + object.label;
            heat[at] = Math.max(heat[at]!, Math.exp(-((i - row) ** 2 + (j - column) ** 2) / variance));
          },
        );
        extent.set([width, height, across - column, down - row, 1], 5 * (row * columns + column));
      }
      return { heat, extent };
    },
  };
}

/** Crowds first, then the largest objects: what comes later is written over what came before. */
function bySize(objects: readonly InputObject[]): InputObject[] {
  const area = ({ box, crowd }: InputObject) => (crowd ? Infinity : box[2] * box[3]);
  return [...objects].sort((a, b) => (area(a) === area(b) ? 0 : area(b) - area(a)));
}

/** Visits the cells whose middles lie between the edges. */
function forCells(
  [left, top, right, bottom]: readonly [number, number, number, number],
  rows: number,
  columns: number,
  visit: (cell: number, row: number, column: number) => void,
): void {
  for (let row = Math.max(0, Math.ceil(top - 0.5)); row < Math.min(rows, bottom - 0.5 + 1e-6); row++) {
    for (let column = Math.max(0, Math.ceil(left - 0.5)); column < Math.min(columns, right - 0.5 + 1e-6); column++)
      visit(row * columns + column, row, column);
  }
}

/**
 * How far corners may move so that the box keeps its overlap with the object, in the worst of three cases:
 * both corners move alike, both inwards, both outwards (Law and Deng, 2018, "CornerNet", section 3.2).
 */
export function gaussianRadius(width: number, height: number): number {
  const [sum, area] = [width + height, width * height];
  const root = (a: number, b: number, c: number) => (b - Math.sqrt(b * b - 4 * a * c)) / (2 * a);
  // Moved alike: (w - r)(h - r) / (2wh - (w - r)(h - r)) = k. Inwards: (w - 2r)(h - 2r) / wh = k.
  const alike = root(1, sum, (area * (1 - KEPT)) / (1 + KEPT));
  const inwards = root(4, 2 * sum, (1 - KEPT) * area);
  // Outwards: wh / ((w + 2r)(h + 2r)) = k.
  const outwards = (-2 * sum + Math.sqrt(4 * sum * sum + 16 * area * (1 / KEPT - 1))) / 8;
  return Math.min(alike, inwards, outwards);
}
