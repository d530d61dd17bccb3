/** Counts `[truth, predicted]`, row-major: row i holds what samples of class i were taken for. */
export interface ConfusionMatrix {
  readonly classes: number;
  readonly counts: Int32Array;
}

export function confusionMatrix(truth: Int32Array, predicted: Int32Array, classes: number): ConfusionMatrix {
  const counts = new Int32Array(classes * classes);
  for (let i = 0; i < truth.length; i++) counts[truth[i]! * classes + predicted[i]!]!++;
  return { classes, counts };
}

/** How well one class is found. */
export interface ClassScore {
  /** Samples of the class. */
  readonly support: number;
  /** Right among those predicted as the class; 0 where none was. */
  readonly precision: number;
  /** Right among the samples of the class; 0 where there is none. */
  readonly recall: number;
  /** Harmonic mean of the two, 2 TP / (2 TP + FP + FN); 0 where the class neither occurs nor is predicted. */
  readonly f1: number;
  /** How often the class was predicted. */
  readonly predicted: number;
}

export function classScores({ classes, counts }: ConfusionMatrix): ClassScore[] {
  const support = new Array<number>(classes).fill(0);
  const predicted = new Array<number>(classes).fill(0);
  for (let i = 0; i < classes; i++) {
    for (let j = 0; j < classes; j++) {
      const count = counts[i * classes + j]!;
      support[i]! += count;
      predicted[j]! += count;
    }
  }
  return support.map((n, i) => {
    const hits = counts[i * classes + i]!;
    return {
      support: n,
      predicted: predicted[i]!,
      precision: ratio(hits, predicted[i]!),
      recall: ratio(hits, n),
      f1: ratio(2 * hits, n + predicted[i]!),
    };
  });
}

/** Right predictions among all; 0 for no sample. */
export function accuracyOf({ classes, counts }: ConfusionMatrix): number {
  let hits = 0;
  let total = 0;
  for (let i = 0; i < classes; i++) {
    hits += counts[i * classes + i]!;
    for (let j = 0; j < classes; j++) total += counts[i * classes + j]!;
  }
  return ratio(hits, total);
}

/** Mean F1 of the classes that occur or are predicted (as scikit-learn's f1_score, average "macro"). */
export function macroF1Of(matrix: ConfusionMatrix): number {
  const scores = classScores(matrix).filter(({ support, predicted }) => support + predicted > 0);
  return ratio(
    scores.reduce((sum, { f1 }) => sum + f1, 0),
    scores.length,
  );
}

/** Mean recall of the classes that occur (as scikit-learn's balanced_accuracy_score). */
export function balancedAccuracyOf(matrix: ConfusionMatrix): number {
  const scores = classScores(matrix).filter(({ support }) => support > 0);
  return ratio(
    scores.reduce((sum, { recall }) => sum + recall, 0),
    scores.length,
  );
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
