/**
 * Softmax over each row of `[rows, classes]` logits, row-major: exp(z - max) / Σ exp(z - max),
 * summed in double precision.
 */
export function softmaxRows(logits: Float32Array, classes: number): Float32Array {
  const result = new Float32Array(logits.length);
  const row = new Float64Array(classes);
  for (let start = 0; start < logits.length; start += classes) {
    let largest = -Infinity;
    for (let j = 0; j < classes; j++) largest = Math.max(largest, logits[start + j]!);
    let sum = 0;
    for (let j = 0; j < classes; j++) sum += row[j] = Math.exp(logits[start + j]! - largest);
    for (let j = 0; j < classes; j++) result[start + j] = row[j]! / sum;
  }
  return result;
}

/** The index of each row's largest value; the lower index where two are equal. */
export function argmaxRows(values: Float32Array, classes: number): Int32Array {
  const result = new Int32Array(values.length / classes);
  for (let row = 0; row < result.length; row++) {
    let best = 0;
    for (let j = 1; j < classes; j++) if (values[row * classes + j]! > values[row * classes + best]!) best = j;
    result[row] = best;
  }
  return result;
}
