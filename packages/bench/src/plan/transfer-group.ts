import type { TrialRequest } from '@headstart/core/trials';
import { coordinateKey, testRequest, transferRequest, type Cell, type TransferCoordinates } from '../matrix/cell.ts';

/** Cells of one transfer, which is trained once for all of them. */
export interface TransferGroup {
  readonly coordinates: TransferCoordinates;
  readonly cells: readonly Cell[];
}

const KIND = ['source', 'train', 'adapt', 'strategy', 'shots'] as const;

/** Cells by their transfers, and those by what they have in common but the seed: in the order in which they first come. */
export function transfersByKind(cells: readonly Cell[]): TransferGroup[][] {
  const kinds = groupBy(cells, ({ coordinates }) => coordinateKey(coordinates, KIND));
  return kinds.map((kind) =>
    groupBy(kind, ({ coordinates }) => String(coordinates.seed)).map((group) => {
      const { test: _, ...coordinates } = group[0]!.coordinates;
      return { coordinates, cells: group };
    }),
  );
}

/** A trial of cells of one transfer, which is judged on its own training samples, too: for the gap. */
export function trialRequest(cells: readonly Cell[]): TrialRequest {
  return { transfer: transferRequest(cells[0]!), tests: cells.map(testRequest), onTraining: true };
}

/** What is alike in `keyOf` together, in the order in which it first comes. */
export function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(one);
  }
  return [...groups.values()];
}
