import type { CellPattern } from '../config/bench-config.ts';
import { configError } from '../config/config-error.ts';
import type { SettledBench, SettledMatrix } from '../config/settled-bench.ts';
import { COORDINATES, coordinateKey, type Cell } from './cell.ts';
import { matches } from './pattern.ts';

/**
 * Every cell of a benchmark, in the order of its axes: the product of each matrix without what is excluded, then what is
 * included.
 * @throws HeadstartError `config-invalid` where two matrices have one and the same cell
 */
export function expand({ matrices }: SettledBench, file: string): Cell[] {
  const owners = new Map<string, number>();
  return matrices.flatMap((matrix, index) =>
    cellsOf(matrix).filter((cell) => {
      const key = coordinateKey(cell.coordinates, COORDINATES);
      const owner = owners.get(key);
      owners.set(key, owner ?? index);
      if (owner === undefined || owner === index) return owner === undefined;
      throw configError(
        file,
        `the cell ${describeCell(cell)} is in matrices[${owner}] and in matrices[${index}]`,
        'Exclude it from one of them, or give a domain or strategy another name there.',
      );
    }),
  );
}

/** A cell in words. */
export function describeCell({ coordinates }: Pick<Cell, 'coordinates'>): string {
  const { source, train, adapt, test, strategy, shots, seed } = coordinates;
  const adapted = adapt === null ? '' : ` adapted to ${adapt},`;
  return `${source} by ${strategy} on ${train},${adapted} tested on ${test}, ${shots} shots, seed ${seed}`;
}

function cellsOf(matrix: SettledMatrix): Cell[] {
  const product = everyCell(matrix).filter(
    ({ coordinates }) => !matrix.exclude.some((pattern) => matches(coordinates, pattern)),
  );
  const included = matrix.include.flatMap((pattern) => includedCells(matrix, pattern));
  return [...product, ...included];
}

function everyCell(matrix: SettledMatrix): Cell[] {
  const { sources, train, adapt, strategies, shots, seeds, test } = matrix;
  return sources.flatMap((source) =>
    train.flatMap((trainedOn) =>
      adapt.flatMap((adaptedTo) =>
        test.flatMap((testedOn) =>
          strategies.flatMap((strategy) =>
            shots.flatMap((each) =>
              seeds.map((seed) =>
                cellOf(matrix, { source, train: trainedOn, adapt: adaptedTo, test: testedOn, strategy }, each, seed),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

type Entries = Pick<Cell, 'source' | 'train' | 'adapt' | 'test' | 'strategy'>;

function cellOf({ options }: SettledMatrix, entries: Entries, shots: number | 'all', seed: number): Cell {
  const { source, train, adapt, test, strategy } = entries;
  const coordinates = {
    source: source.name,
    train: train.name,
    adapt: adapt?.name ?? null,
    test: test.name,
    strategy: strategy.name,
    shots,
    seed,
  };
  return { coordinates, ...entries, options };
}

/** The cell that an entry of `include` names: its shots and its seed may be others than the axes'. */
function includedCells(matrix: SettledMatrix, pattern: CellPattern): Cell[] {
  const one = { ...matrix, shots: [pattern.shots!], seeds: [pattern.seed!] };
  const adapt = pattern.adapt ?? null;
  const adapting = adapt === null ? [null] : matrix.adapt;
  return everyCell({ ...one, adapt: adapting }).filter(({ coordinates }) =>
    matches(coordinates, { ...pattern, adapt }),
  );
}
