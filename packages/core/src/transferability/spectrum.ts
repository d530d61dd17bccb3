import { rowProducts, transposed, type Matrix } from './matrix.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** What the singular value decomposition F = U S Vᵀ says of the rows: the directions in which they differ at all. */
export interface Spectrum {
  /** Squared singular values above rounding, the largest first. */
  readonly values: Float64Array;
  /** `[values.length, rows]`, row-major: the left singular vector of each. */
  readonly left: Float64Array;
  /** How many rows the matrix has. */
  readonly rows: number;
}

/** Of whichever products are fewer, those of rows or of columns. */
export function spectrum(matrix: Matrix): Spectrum {
  const { rows, columns } = matrix;
  const wide = rows <= columns;
  const size = Math.min(rows, columns);
  const { values, vectors } = symmetricEigen(rowProducts(wide ? matrix : transposed(matrix)), size);
  const least = Number.EPSILON * Math.max(rows, columns) * Math.max(0, values[size - 1] ?? 0);
  const kept = Array.from(values.keys())
    .filter((i) => values[i]! > least)
    .reverse();
  const left = new Float64Array(kept.length * rows);
  kept.forEach((from, to) => {
    const vector = vectors.subarray(from * size, (from + 1) * size);
    left.set(wide ? vector : imageOf(matrix, vector, Math.sqrt(values[from]!)), to * rows);
  });
  return { values: Float64Array.from(kept, (i) => values[i]!), left, rows };
}

/** F v / s. */
function imageOf({ rows, columns, values }: Matrix, vector: Float64Array, length: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += values[row * columns + column]! * vector[column]!;
    return sum / length;
  });
}

/** The rows in their `count` directions of largest spread, `[rows, count]`: principal components where the matrix is centred. */
export function leadingComponents({ values, left, rows }: Spectrum, count: number): Matrix {
  const columns = Math.min(count, values.length);
  const components = new Float64Array(rows * columns);
  for (let column = 0; column < columns; column++) {
    const length = Math.sqrt(values[column]!);
    for (let row = 0; row < rows; row++) components[row * columns + column] = length * left[column * rows + row]!;
  }
  return { rows, columns, values: components };
}
