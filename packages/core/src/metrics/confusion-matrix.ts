/** Counts `[truth, predicted]`, a row per class: row i holds what samples of class i were taken for. */
export function confusionMatrix(truth: Int32Array, predicted: Int32Array, classes: number): number[][] {
  const rows = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) rows[truth[i]!]![predicted[i]!]!++;
  return rows;
}
