/** Ends the names of matrices that are held `[inputs, outputs]`; checkpoints hold them as `.weight`, `[outputs, inputs]`. */
export const KERNEL = '.kernel';

/** What checkpoints call a variable, and whether they hold it transposed. */
export function checkpointForm(name: string): { readonly name: string; readonly transposed: boolean } {
  return name.endsWith(KERNEL)
    ? { name: `${name.slice(0, -KERNEL.length)}.weight`, transposed: true }
    : { name, transposed: false };
}

/** The transpose of a row-major matrix of `rows` rows. */
export function transpose(values: Float32Array, rows: number): Float32Array {
  const columns = values.length / rows;
  const transposed = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) transposed[column * rows + row] = values[row * columns + column]!;
  }
  return transposed;
}
