import type { Backbone, HostTensors, TensorSpecs } from '@headstart/core/network';
import { areaOf, cornersOf } from '../boxes/box.ts';
import { cellsOf } from '../heads/cells.ts';
import { assignAdaptively, cellsInside, type InputObject } from './atss.ts';

/** What a head's cells are to learn of a picture: tensors of one shape, whatever the number of objects. */
export interface CellTargets {
  readonly specs: TensorSpecs;
  /** @param objects in pixels of the input */
  of(objects: readonly InputObject[]): HostTensors;
}

/** For a dense head: `labels` int32 `[cells]` and `ltrb` `[cells, 4]`, see `Assignment`. */
export function denseTargets(backbone: Backbone): CellTargets {
  const cells = cellsOf(backbone);
  return {
    specs: { labels: { shape: [cells.count], dtype: 'int32' }, ltrb: { shape: [cells.count, 4], dtype: 'float32' } },
    of(objects) {
      const { labels, ltrb } = assignAdaptively(objects, cells);
      return { labels, ltrb };
    },
  };
}

/** Objects that a view may have, since targets have one shape: of more, those with the largest boxes. */
export const MOST_ASSIGNED = 64;
/** Left, top, right and bottom in pixels of the input; class + 1, and 0 where there is no object. */
export const OBJECT_WIDTH = 5;
/** Middle in pixels of the input; stride; 1 where the cell counts, 0 where nothing is to be learned. */
export const CELL_WIDTH = 4;

/**
 * For assignments that depend on predictions and are made within the step: `objects` `[64, 5]` and `cells`
 * `[cells, 4]`. Cells whose middle lies in a crowd do not count, unless an object takes them, and neither do
 * those in objects beyond the 64 largest.
 */
export function objectTargets(backbone: Backbone): CellTargets {
  const cells = cellsOf(backbone);
  return {
    specs: {
      objects: { shape: [MOST_ASSIGNED, OBJECT_WIDTH], dtype: 'float32' },
      cells: { shape: [cells.count, CELL_WIDTH], dtype: 'float32' },
    },
    of(objects) {
      const rows = new Float32Array(MOST_ASSIGNED * OBJECT_WIDTH);
      const places = new Float32Array(cells.count * CELL_WIDTH);
      for (let cell = 0; cell < cells.count; cell++)
        places.set([cells.x[cell]!, cells.y[cell]!, cells.stride[cell]!, 1], cell * CELL_WIDTH);
      const { learned, left } = largest(objects);
      learned.forEach(({ box, label }, i) => rows.set([...cornersOf(box), label + 1], i * OBJECT_WIDTH));
      for (const { box } of left) cellsInside(box, cells, (cell) => (places[cell * CELL_WIDTH + 3] = 0));
      return { objects: rows, cells: places };
    },
  };
}

/** The objects that are learned, as many as there may be, and the rest: crowds and the smallest. */
function largest(objects: readonly InputObject[]): { learned: readonly InputObject[]; left: readonly InputObject[] } {
  const [single, crowds] = [objects.filter(({ crowd }) => !crowd), objects.filter(({ crowd }) => crowd)];
  if (single.length <= MOST_ASSIGNED) return { learned: single, left: crowds };
  const bySize = [...single].sort((a, b) => areaOf(b.box) - areaOf(a.box));
  return { learned: bySize.slice(0, MOST_ASSIGNED), left: [...crowds, ...bySize.slice(MOST_ASSIGNED)] };
}
