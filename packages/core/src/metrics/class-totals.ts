import { addRow, drawnSamples, onceEach, type Resamples } from './resamples.ts';
import { divide } from './resampling.ts';

/** What each of some draws of a classified split comes to, class by class: class c in draw d stands at `c · draws + d`. */
export interface ClassTotals {
  readonly draws: number;
  /** Samples of each draw. */
  readonly samples: Float64Array;
  /** Samples of the class that were predicted as it. */
  readonly hits: Float64Array;
  /** Samples of the class. */
  readonly support: Float64Array;
  /** Samples predicted as the class. */
  readonly predicted: Float64Array;
}

/** @param resamples each sample once where absent */
export function classTotals(
  truth: Int32Array,
  predicted: Int32Array,
  classes: number,
  resamples: Resamples = onceEach(truth.length),
): ClassTotals {
  const { draws, counts } = resamples;
  const zeros = () => new Float64Array(classes * draws);
  const totals = { draws, samples: drawnSamples(resamples), hits: zeros(), support: zeros(), predicted: zeros() };
  for (let i = 0; i < truth.length; i++) {
    const [own, taken] = [truth[i]!, predicted[i]!];
    if (own === taken) {
      addRow(totals.hits, own * draws, counts, i * draws, draws);
    } else {
      addRow(totals.support, own * draws, counts, i * draws, draws);
      addRow(totals.predicted, taken * draws, counts, i * draws, draws);
    }
  }
  // So far the samples of a class that were missed, and those that were taken for it.
  totals.hits.forEach((hits, at) => {
    totals.support[at]! += hits;
    totals.predicted[at]! += hits;
  });
  return totals;
}

/** How well one class is found. */
export interface ClassScore {
  /** Samples of the class. */
  readonly support: number;
  /** Samples predicted as the class. */
  readonly predicted: number;
  /** Right among those predicted as the class; 0 where none was. */
  readonly precision: number;
  /** Right among the samples of the class; 0 where there is none. */
  readonly recall: number;
  /** Harmonic mean of the two, 2 TP / (2 TP + FP + FN); 0 where the class neither occurs nor is predicted. */
  readonly f1: number;
}

/** Of the first draw. */
export function classScores({ draws, hits, support, predicted }: ClassTotals): ClassScore[] {
  return Array.from({ length: hits.length / draws }, (_, own) => {
    const at = own * draws;
    return {
      support: support[at]!,
      predicted: predicted[at]!,
      precision: ratio(hits[at]!, predicted[at]!),
      recall: ratio(hits[at]!, support[at]!),
      f1: ratio(2 * hits[at]!, support[at]! + predicted[at]!),
    };
  });
}

/** Mean F1 of the classes that occur or are predicted (as scikit-learn's f1_score, average "macro"). */
export function macroF1Of({ draws, hits, support, predicted }: ClassTotals): Float64Array {
  return meanOfClasses(
    draws,
    hits.length,
    (at) => support[at]! + predicted[at]!,
    (at) => 2 * hits[at]!,
  );
}

/** Mean recall of the classes that occur (as scikit-learn's balanced_accuracy_score). */
export function balancedAccuracyOf({ draws, hits, support }: ClassTotals): Float64Array {
  return meanOfClasses(
    draws,
    hits.length,
    (at) => support[at]!,
    (at) => hits[at]!,
  );
}

/** The mean over the classes with a whole of which part of it is there; 0 where no class has one. */
function meanOfClasses(
  draws: number,
  length: number,
  whole: (at: number) => number,
  part: (at: number) => number,
): Float64Array {
  const means = new Float64Array(draws);
  const classes = new Float64Array(draws);
  for (let start = 0; start < length; start += draws) {
    for (let d = 0; d < draws; d++) {
      const all = whole(start + d);
      if (all === 0) continue;
      means[d]! += part(start + d) / all;
      classes[d]!++;
    }
  }
  return divide(
    means,
    classes.map((count) => Math.max(1, count)),
  );
}

/**
 * Matthews' correlation for any number of classes, R_K (Gorodkin, 2004, "Comparing two K-category
 * assignments by a K-category correlation coefficient"): with c hits among s samples, t_k samples and
 * p_k predictions of class k, (c s - Σ t_k p_k) / √((s² - Σ p_k²) (s² - Σ t_k²)). 0 where all samples or all
 * predictions are of one class (scikit-learn's rule).
 */
export function matthewsOf({ draws, hits, support, predicted, samples }: ClassTotals): Float64Array {
  const right = sums(draws, hits);
  const [both, ofPredicted, ofSupport] = [
    sums(draws, support, predicted),
    sums(draws, predicted, predicted),
    sums(draws, support, support),
  ];
  const squares = samples.map((count) => count * count);
  return right.map((c, d) => {
    const spread = (squares[d]! - ofPredicted[d]!) * (squares[d]! - ofSupport[d]!);
    return spread === 0 ? 0 : (c * samples[d]! - both[d]!) / Math.sqrt(spread);
  });
}

/** The sum over the classes of each draw, of products where there are two lists. */
function sums(draws: number, values: Float64Array, others?: Float64Array): Float64Array {
  const totals = new Float64Array(draws);
  for (let at = 0; at < values.length; ) {
    for (let d = 0; d < draws; d++, at++) totals[d]! += others ? values[at]! * others[at]! : values[at]!;
  }
  return totals;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
