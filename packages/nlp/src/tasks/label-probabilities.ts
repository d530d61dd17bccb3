/** A label is given where its probability reaches this. */
export const THRESHOLD = 0.5;

/** One row of probabilities per text: σ of each logit. */
export function probabilityRows(logits: Float32Array, labels: number): Float32Array[] {
  return Array.from({ length: logits.length / labels }, (_, row) =>
    logits.subarray(row * labels, (row + 1) * labels).map((z) => 1 / (1 + Math.exp(-z))),
  );
}
