import { describe, expect, it } from 'vitest';
import { logDeterminant } from './cholesky.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** G Gᵀ of a matrix of sines, of the rank asked for. */
function products(size: number, rank: number): Float64Array {
  const given = Float64Array.from({ length: size * rank }, (_, at) => Math.sin(at * at + 1));
  return Float64Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += given[i * rank + k]! * given[j * rank + k]!;
    return sum;
  });
}

describe('symmetricEigen', () => {
  it.each([
    [[2, 1, 1, 2], 2, [1, 3]],
    [[5], 1, [5]],
    [[3, 0, 0, 0, -1, 0, 0, 0, 3], 3, [-1, 3, 3]],
    [new Array<number>(16).fill(1), 4, [0, 0, 0, 4]],
  ])('finds the eigenvalues of %j', (matrix, size, values) => {
    const found = symmetricEigen(Float64Array.from(matrix), size);
    values.forEach((value, i) => expect(found.values[i]).toBeCloseTo(value, 12));
  });

  it.each([
    [40, 40],
    [40, 7],
    [1, 1],
  ])('gives orthonormal vectors that put the matrix together again: size %i, rank %i', (size, rank) => {
    const matrix = products(size, rank);
    const { values, vectors } = symmetricEigen(matrix, size);
    let [apart, skew] = [0, 0];
    for (let a = 0; a < size; a++)
      for (let b = 0; b < size; b++) {
        let [again, product] = [0, 0];
        for (let k = 0; k < size; k++) {
          again += values[k]! * vectors[k * size + a]! * vectors[k * size + b]!;
          product += vectors[a * size + k]! * vectors[b * size + k]!;
        }
        apart = Math.max(apart, Math.abs(again - matrix[a * size + b]!));
        skew = Math.max(skew, Math.abs(product - (a === b ? 1 : 0)));
      }
    expect(apart).toBeLessThan(1e-11);
    expect(skew).toBeLessThan(1e-12);
  });
});

describe('logDeterminant', () => {
  it('is the sum of the logarithms of the eigenvalues', () => {
    const matrix = products(12, 12);
    const sum = symmetricEigen(matrix, 12).values.reduce((total, value) => total + Math.log(value), 0);
    expect(logDeterminant(matrix, 12)).toBeCloseTo(sum, 8);
    expect(logDeterminant(Float64Array.of(1, 2, 2, 1), 2)).toBe(-Infinity);
  });
});
