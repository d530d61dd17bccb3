import type { TestRequest, TrialRequest } from '@headstart/core/trials';
import type { NamedDomain, NamedSource, NamedStrategy } from '../config/settled-bench.ts';
import type { Coordinates } from '../records/bench-record.ts';

/** What a cell is made of: an entry of each axis, with the options that go for its whole matrix. */
export interface Cell {
  readonly coordinates: Coordinates;
  readonly source: NamedSource;
  readonly train: NamedDomain;
  readonly adapt: NamedDomain | null;
  readonly test: NamedDomain;
  readonly strategy: NamedStrategy;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Where a transfer stands: a cell without its test. */
export type TransferCoordinates = Omit<Coordinates, 'test'>;

/** The transfer of a cell, as `train` takes it. */
export function transferRequest(cell: Cell): TrialRequest['transfer'] {
  const { target, reader, readerOptions, skipBad } = cell.train.setting;
  const { shots, seed } = cell.coordinates;
  return {
    ...cell.options,
    ...cell.strategy.options,
    target,
    source: cell.source.source,
    strategy: cell.strategy.strategy,
    seed,
    ...(shots !== 'all' && { shots }),
    ...(cell.adapt && { adapt: cell.adapt.setting.target }),
    ...(reader !== undefined && { reader }),
    ...(readerOptions && { readerOptions: { ...readerOptions } }),
    ...(skipBad !== undefined && { skipBad }),
  };
}

/** What a cell is judged on. */
export function testRequest({ test }: Cell): TestRequest {
  const { name: _, ...request } = test.setting;
  return request;
}

/** Coordinates as one text, of the values of these keys. */
export function coordinateKey(coordinates: Partial<Coordinates>, keys: readonly (keyof Coordinates)[]): string {
  return JSON.stringify(keys.map((key) => coordinates[key] ?? null));
}

/** The keys of coordinates, in the order of results. */
export const COORDINATES = ['source', 'train', 'adapt', 'test', 'strategy', 'shots', 'seed'] as const;
