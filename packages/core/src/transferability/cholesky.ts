/**
 * The natural logarithm of the determinant of a positive definite matrix, by Cholesky's factors. Only its lower triangle
 * is read; -Infinity where rounding leaves it without full rank.
 *
 * @param matrix `[size, size]`, row-major; it stays as it is
 */
export function logDeterminant(matrix: Float64Array, size: number): number {
  const factor = Float64Array.from(matrix);
  let sum = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = factor[i * size + j]!;
      for (let k = 0, a = i * size, b = j * size; k < j; k++, a++, b++) rest -= factor[a]! * factor[b]!;
      if (i !== j) factor[i * size + j] = rest / factor[j * size + j]!;
      else if (rest > 0) factor[i * size + i] = Math.sqrt(rest);
      else return -Infinity;
    }
    sum += 2 * Math.log(factor[i * size + i]!);
  }
  return sum;
}
