/** Counts `[truth, predicted]`, a row per class: row i holds what samples of class i were taken for. */
export function confusionMatrix(truth: Int32Array, predicted: Int32Array, classes: number): number[][] {
  const rows = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < truth.length; i++) rows[truth[i]!]![predicted[i]!]!++;
  return rows;
}

/** What samples of a class were taken for instead, and how many of them. */
export interface Confusion {
  readonly truth: string;
  readonly predicted: string;
  readonly count: number;
}

/** The pairs of classes that were confused, the commonest first: what a matrix of many classes has beside zeros and what is right. */
export function confusions(truth: Int32Array, predicted: Int32Array, labels: readonly string[]): Confusion[] {
  const counts = new Map<number, number>();
  for (let i = 0; i < truth.length; i++) {
    const pair = truth[i]! * labels.length + predicted[i]!;
    if (truth[i] !== predicted[i]) counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, x], [b, y]) => y - x || a - b)
    .map(([pair, count]) => ({
      truth: labels[Math.floor(pair / labels.length)]!,
      predicted: labels[pair % labels.length]!,
      count,
    }));
}
