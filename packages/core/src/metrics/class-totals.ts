/** What a classified split comes to, class by class. */
export interface ClassTotals {
  readonly samples: number;
  /** Samples of the class that were predicted as it. */
  readonly hits: Int32Array;
  /** Samples of the class. */
  readonly support: Int32Array;
  /** Samples predicted as the class. */
  readonly predicted: Int32Array;
}

/** Up to so many pairs of a true and a predicted class it pays to count these, and to add them up by class. */
const MOST_PAIRS = 1024;

/** What any resample of a classified split comes to: sample i counts `counts[i]` times. */
export function resampledClassTotals(
  truth: Int32Array,
  predicted: Int32Array,
  classes: number,
): (counts: Int32Array) => ClassTotals {
  if (classes * classes > MOST_PAIRS) return (counts) => classTotals(truth, predicted, classes, counts);
  const pairs = truth.map((own, i) => own * classes + predicted[i]!);
  return (counts) => {
    const found = new Int32Array(classes * classes);
    for (let i = 0; i < pairs.length; i++) found[pairs[i]!]! += counts[i]!;
    return ofPairs(found, classes);
  };
}

/** @param found how often class t was predicted as class p, at `t · classes + p` */
function ofPairs(found: Int32Array, classes: number): ClassTotals {
  const hits = new Int32Array(classes);
  const support = new Int32Array(classes);
  const predicted = new Int32Array(classes);
  let samples = 0;
  for (let own = 0; own < classes; own++) {
    hits[own] = found[own * classes + own]!;
    for (let taken = 0; taken < classes; taken++) {
      const count = found[own * classes + taken]!;
      support[own]! += count;
      predicted[taken]! += count;
      samples += count;
    }
  }
  return { samples, hits, support, predicted };
}

/** Sample i counts `counts[i]` times; once where no counts are given. */
export function classTotals(
  truth: Int32Array,
  predicted: Int32Array,
  classes: number,
  counts?: Int32Array,
): ClassTotals {
  const totals = {
    samples: 0,
    hits: new Int32Array(classes),
    support: new Int32Array(classes),
    predicted: new Int32Array(classes),
  };
  for (let i = 0; i < truth.length; i++) {
    const count = counts ? counts[i]! : 1;
    const own = truth[i]!;
    const taken = predicted[i]!;
    totals.samples += count;
    totals.support[own]! += count;
    totals.predicted[taken]! += count;
    if (own === taken) totals.hits[own]! += count;
  }
  return totals;
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

export function classScores({ hits, support, predicted }: ClassTotals): ClassScore[] {
  return Array.from(support, (n, i) => ({
    support: n,
    predicted: predicted[i]!,
    precision: ratio(hits[i]!, predicted[i]!),
    recall: ratio(hits[i]!, n),
    f1: ratio(2 * hits[i]!, n + predicted[i]!),
  }));
}

/** Mean F1 of the classes that occur or are predicted (as scikit-learn's f1_score, average "macro"). */
export function macroF1Of(totals: ClassTotals): number {
  const scores = classScores(totals).filter(({ support, predicted }) => support + predicted > 0);
  return ratio(sum(scores.map(({ f1 }) => f1)), scores.length);
}

/** Mean recall of the classes that occur (as scikit-learn's balanced_accuracy_score). */
export function balancedAccuracyOf(totals: ClassTotals): number {
  const scores = classScores(totals).filter(({ support }) => support > 0);
  return ratio(sum(scores.map(({ recall }) => recall)), scores.length);
}

/**
 * Matthews' correlation for any number of classes, R_K (Gorodkin, 2004, "Comparing two K-category
 * assignments by a K-category correlation coefficient"): with c hits among s samples, t_k samples and
 * p_k predictions of class k, (c s - Σ t_k p_k) / √((s² - Σ p_k²) (s² - Σ t_k²)). 0 where all samples or all
 * predictions are of one class (scikit-learn's rule).
 */
export function matthewsOf({ hits, support, predicted, samples }: ClassTotals): number {
  const products = (a: Int32Array, b: Int32Array) => a.reduce((total, value, i) => total + value * b[i]!, 0);
  const squares = samples * samples;
  const spread = (squares - products(predicted, predicted)) * (squares - products(support, support));
  return spread === 0 ? 0 : (sum(hits) * samples - products(support, predicted)) / Math.sqrt(spread);
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
