/** Ends the names of matrices that are held `[inputs, outputs]`; checkpoints hold them as `.weight`, `[outputs, inputs]`. */
export const KERNEL = '.kernel';

/** What checkpoints call a variable, and whether they hold it the other way round. */
export function checkpointForm(name: string): { readonly name: string; readonly turned: boolean } {
  return name.endsWith(KERNEL)
    ? { name: `${name.slice(0, -KERNEL.length)}.weight`, turned: true }
    : { name, turned: false };
}

/** The transpose of a row-major matrix of `rows` rows. */
export function turn(values: Float32Array, rows: number): Float32Array {
  const columns = values.length / rows;
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = values[row * columns + column]!;
  }
  return turned;
}
