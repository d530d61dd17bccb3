import { matMul, tensor2d, tidy } from '@tensorflow/tfjs-core';

/** Queries that are compared with all candidates at once. */
const BLOCK = 256;

/** Calls `take` with each query's cosines to all candidates, in the queries' order. */
export async function eachLikeness(
  queries: Float32Array,
  candidates: Float32Array,
  width: number,
  take: (query: number, alike: Float32Array) => void,
): Promise<void> {
  const n = candidates.length / width;
  const unit = tensor2d(unitRows(candidates, width), [n, width]);
  try {
    const from = unitRows(queries, width);
    for (let start = 0; start < n; start += BLOCK) {
      const rows = Math.min(BLOCK, n - start);
      const products = tidy(() =>
        matMul(tensor2d(from.subarray(start * width, (start + rows) * width), [rows, width]), unit, false, true),
      );
      const alike = await products.data<'float32'>().finally(() => products.dispose());
      for (let row = 0; row < rows; row++) take(start + row, alike.subarray(row * n, (row + 1) * n));
    }
  } finally {
    unit.dispose();
  }
}

/** Rows divided by their length; a row of zeros stays one. */
function unitRows(values: Float32Array, width: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += width) {
    let square = 0;
    for (let i = start; i < start + width; i++) square += values[i]! ** 2;
    const length = Math.sqrt(square) || 1;
    for (let i = start; i < start + width; i++) result[i] = values[i]! / length;
  }
  return result;
}
