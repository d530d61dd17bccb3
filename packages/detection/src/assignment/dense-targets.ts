import { cellsOf } from '../heads/cells.ts';
import type { Backbone } from '@headstart/core/network';
import { assignAdaptively } from './atss.ts';
import type { CellTargets } from './cell-targets.ts';

/** For a dense head: `labels` int32 `[cells]` and `reach` `[cells, 4]`, see `Assignment`. */
export function denseTargets(backbone: Backbone): CellTargets {
  const cells = cellsOf(backbone);
  return {
    specs: { labels: { shape: [cells.count], dtype: 'int32' }, reach: { shape: [cells.count, 4], dtype: 'float32' } },
    of(objects) {
      const { labels, reach } = assignAdaptively(objects, cells);
      return { labels, reach };
    },
  };
}
