/** A matrix of numbers, row by row: a feature matrix has a sample per row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** `[rows, columns]`, row-major. */
  readonly values: ArrayLike<number>;
}

/** The matrix with the mean of each column taken away, in float64. */
export function centred({ rows, columns, values }: Matrix): Matrix & { readonly values: Float64Array } {
  const means = new Float64Array(columns);
  for (let at = 0; at < rows * columns; at++) means[at % columns]! += values[at]! / rows;
  return {
    rows,
    columns,
    values: Float64Array.from({ length: rows * columns }, (_, at) => values[at]! - means[at % columns]!),
  };
}

/** The rows at these places. */
export function rowsOf({ columns, values }: Matrix, places: readonly number[]): Matrix {
  const chosen = new Float64Array(places.length * columns);
  places.forEach((place, row) => {
    for (let column = 0; column < columns; column++) chosen[row * columns + column] = values[place * columns + column]!;
  });
  return { rows: places.length, columns, values: chosen };
}

/** The places of each class's samples. @param labels of samples, from 0 */
export function placesByClass(labels: ArrayLike<number>, classes: number): number[][] {
  const places = Array.from({ length: classes }, (): number[] => []);
  for (let place = 0; place < labels.length; place++) places[labels[place]!]!.push(place);
  return places;
}

/** The column of each row's largest value; the first where several are. */
export function largestColumns({ rows, columns, values }: Matrix): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => {
    let largest = 0;
    for (let column = 1; column < columns; column++)
      if (values[row * columns + column]! > values[row * columns + largest]!) largest = column;
    return largest;
  });
}

/** The products of rows with one another, `[rows, rows]`. */
export function rowProducts({ rows, columns, values }: Matrix): Float64Array {
  const whole = new Float64Array(values);
  const products = new Float64Array(rows * rows);
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let at = a * columns, other = b * columns, end = at + columns; at < end; at++, other++)
        sum += whole[at]! * whole[other]!;
      products[a * rows + b] = products[b * rows + a] = sum;
    }
  }
  return products;
}

/** The matrix on its side. */
export function transposed({ rows, columns, values }: Matrix): Matrix {
  const turned = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) turned[column * rows + row] = values[row * columns + column]!;
  return { rows: columns, columns: rows, values: turned };
}

/** Whichever is smaller of the products of rows and those of columns: both have the same eigenvalues above zero. */
export function smallerProducts(matrix: Matrix): { readonly size: number; readonly values: Float64Array } {
  const few = matrix.rows <= matrix.columns ? matrix : transposed(matrix);
  return { size: few.rows, values: rowProducts(few) };
}
