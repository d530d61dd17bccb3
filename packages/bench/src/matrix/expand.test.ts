import { describe, expect, it } from 'vitest';
import { checkBench } from '../config/check-bench.ts';
import { settleBench } from '../config/settle-bench.ts';
import { testRequest, transferRequest } from './cell.ts';
import { expand } from './expand.ts';

const cells = (config: object) =>
  expand(settleBench(checkBench('b', config), { file: 'b', folder: '/w', datasets: ['a', 'b', 'c'] }), 'b');
const matrix = {
  sources: ['net'],
  domains: { train: ['a'], test: ['b', { target: 'c', split: 'all' }] },
  strategies: ['linear-probe', { strategy: 'fine-tune', options: { epochs: 2 } }],
  shots: [8, 'all'],
  seeds: [3, 4],
};

describe('the cells of a matrix', () => {
  it('are the product of its axes in their order, seeds innermost', () => {
    const all = cells(matrix).map(({ coordinates: { test, strategy, shots, seed } }) =>
      [test, strategy, shots, seed].join(),
    );
    expect(all).toHaveLength(16);
    expect(all.slice(0, 5)).toEqual([
      'b,linear-probe,8,3',
      'b,linear-probe,8,4',
      'b,linear-probe,all,3',
      'b,linear-probe,all,4',
      'b,fine-tune,8,3',
    ]);
  });

  it('leave out what is excluded and have what is included, once', () => {
    const include = [
      { source: 'net', train: 'a', test: 'b', strategy: 'fine-tune', shots: 64, seed: 9 },
      { source: 'net', train: 'a', test: 'c', strategy: 'linear-probe', shots: 8, seed: 3 },
    ];
    const all = cells({ ...matrix, exclude: [{ test: 'c', shots: 'all' }, { strategy: 'fine-tune' }], include });
    expect(all.map(({ coordinates: { test, strategy, shots, seed } }) => [test, strategy, shots, seed].join())).toEqual(
      [
        'b,linear-probe,8,3',
        'b,linear-probe,8,4',
        'b,linear-probe,all,3',
        'b,linear-probe,all,4',
        'c,linear-probe,8,3',
        'c,linear-probe,8,4',
        'b,fine-tune,64,9',
      ],
    );
  });

  it('become requests, with the options of the matrix under those of the strategy', () => {
    const [cell] = cells({
      ...matrix,
      options: { epochs: 9, batchSize: 4 },
      domains: { ...matrix.domains, adapt: ['b'] },
    }).slice(-1);
    expect(transferRequest(cell!)).toEqual({
      epochs: 2,
      batchSize: 4,
      target: 'a',
      source: 'net',
      strategy: 'fine-tune',
      seed: 4,
      adapt: 'b',
    });
    expect(testRequest(cell!)).toEqual({ target: 'c', split: 'all' });
  });

  it('are refused where two matrices have the same', () => {
    expect(() => cells({ matrices: [matrix, matrix] })).toThrow(
      /the cell net by linear-probe on a, tested on b, 8 shots, seed 3 is in matrices\[0\] and in matrices\[1\]/,
    );
  });
});
