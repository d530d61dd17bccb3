import type { Backbone } from '@headstart/core/network';
import { cellsOf } from './cells.ts';

/** Cells of a heat map: `stride` pixels of the input each. */
export interface HeatGrid {
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
}

/** Twice as fine as the backbone's finest map that a head takes. */
export function heatGrid(backbone: Backbone): HeatGrid {
  const { rows, columns, stride } = cellsOf(backbone).levels[0]!;
  return { rows: 2 * rows, columns: 2 * columns, stride: stride / 2 };
}
