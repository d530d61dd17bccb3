import { resampledTogether, type Resampled } from './resampling.ts';
import { meanOf, rocAuc } from './roc-auc.ts';

/**
 * Up to so many scores, samples times columns, each draw has its own areas. The work grows with samples, columns and draws: of ten
 * thousand samples in ten thousand classes it would be ten minutes.
 */
const MOST_SCORES = 2 ** 18;

/**
 * The mean of the areas under the ROC curves of several columns, over those that have samples of either kind; NaN where none has.
 * Of many scores, a draw's number is that of all samples plus what each sample's weight adds to it (its influence: the linear
 * part of the mean area as a function of the samples' weights; DeLong, DeLong and Clarke-Pearson, 1988, have their variance
 * from the same parts), so that draws cost nothing by the column.
 *
 * @param scores row-major, `[samples, columns]`
 * @param isPositive whether the sample of a score is one of its column, by the score's place
 */
export function meanRocAuc(
  scores: Float32Array,
  isPositive: (place: number) => boolean,
  columns: number,
  mostScores = MOST_SCORES,
): Resampled {
  if (scores.length > mostScores) return linearised(scores, isPositive, columns);
  const samples = scores.length / columns;
  const areas: Resampled[] = [];
  for (let column = 0; column < columns; column++) {
    const [own, positive] = [new Float32Array(samples), new Uint8Array(samples)];
    for (let i = 0, at = column; i < samples; i++, at += columns) {
      own[i] = scores[at]!;
      positive[i] = isPositive(at) ? 1 : 0;
    }
    if (positive.includes(1)) areas.push(rocAuc(own, positive));
  }
  return meanOf(areas);
}

/** Positive samples of all columns: those of a column lie from `starts[column]` to `starts[column + 1]`, by their scores. */
interface Positives {
  readonly starts: Uint32Array;
  readonly scores: Float32Array;
  readonly samples: Uint32Array;
}

function positivesOf(scores: Float32Array, isPositive: (place: number) => boolean, columns: number): Positives {
  const starts = new Uint32Array(columns + 1);
  for (let at = 0; at < scores.length; at++) if (isPositive(at)) starts[(at % columns) + 1]!++;
  for (let column = 0; column < columns; column++) starts[column + 1]! += starts[column]!;
  const next = starts.slice();
  const samples = new Uint32Array(starts[columns]!);
  for (let at = 0; at < scores.length; at++) {
    const column = at % columns;
    if (isPositive(at)) samples[next[column]!++] = (at - column) / columns;
  }
  for (let column = 0; column < columns; column++) {
    const scoreOf = (sample: number) => scores[sample * columns + column]!;
    samples.subarray(starts[column], starts[column + 1]).sort((a, b) => scoreOf(a) - scoreOf(b));
  }
  const sorted = new Float32Array(samples.length);
  for (let column = 0; column < columns; column++)
    for (let at = starts[column]!; at < starts[column + 1]!; at++)
      sorted[at] = scores[samples[at]! * columns + column]!;
  return { starts, scores: sorted, samples };
}

function linearised(scores: Float32Array, isPositive: (place: number) => boolean, columns: number): Resampled {
  const samples = scores.length / columns;
  const positives = positivesOf(scores, isPositive, columns);
  const { starts } = positives;
  const counts = Array.from({ length: columns }, (_, column) => starts[column + 1]! - starts[column]!);
  const counted = counts.map((own) => own > 0 && own < samples);
  const valid = counted.filter(Boolean).length;
  // Of each positive: negatives below it, ties half. Counted where they begin and end, one place more for each column.
  const below = new Float64Array(positives.samples.length + columns);
  const influence = new Float64Array(samples);
  for (let i = 0, at = 0; i < samples; i++) {
    let sum = 0;
    for (let column = 0; column < columns; column++, at++) {
      if (!counted[column] || isPositive(at)) continue;
      const [from, to] = [starts[column]!, starts[column + 1]!];
      const lower = firstAbove(positives.scores, scores[at]!, from, to, false);
      const upper = firstAbove(positives.scores, scores[at]!, lower, to, true);
      below[lower + column]! += 0.5;
      below[upper + column]! += 0.5;
      // The share of positives above this negative, ties half.
      sum += (to - upper + (upper - lower) / 2) / (counts[column]! * (samples - counts[column]!));
    }
    influence[i] = sum;
  }
  const areas = new Float64Array(columns);
  /** By how much all areas are taken off a sample that is negative in each column. */
  let all = 0;
  for (let column = 0; column < columns; column++) {
    if (!counted[column]) continue;
    const [from, to] = [starts[column]!, starts[column + 1]!];
    const [own, others] = [counts[column]!, samples - counts[column]!];
    for (let at = from, sum = 0; at < to; at++) {
      sum += below[at + column]!;
      const share = sum / others;
      areas[column]! += share / own;
      influence[positives.samples[at]!]! += share / own;
    }
    all += areas[column]! / others;
    for (let at = from; at < to; at++) influence[positives.samples[at]!]! += areas[column]! * (1 / others - 1 / own);
  }
  let mean = 0;
  for (let column = 0; column < columns; column++) mean += areas[column]! / valid;
  for (let i = 0; i < samples; i++) influence[i] = (influence[i]! - all) / valid;
  return resampledTogether(({ draws, counts: drawn }) => {
    const values = new Float64Array(draws).fill(valid === 0 ? NaN : mean);
    for (let i = 0; i < samples; i++) addTimes(values, drawn, i * draws, influence[i]!);
    // What is linear knows no bounds, and an area has some.
    return values.map((value) => Math.min(1, Math.max(0, value)));
  });
}

/** Adds a row of counts, each so often. */
function addTimes(sums: Float64Array, row: Int32Array, from: number, times: number): void {
  for (let d = 0; d < sums.length; d++) sums[d]! += times * row[from + d]!;
}

/** The first place from which on sorted values are above one, or with it where `beyond` is false. */
function firstAbove(sorted: Float32Array, value: number, from: number, to: number, beyond: boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const isBelow = beyond ? sorted[middle]! <= value : sorted[middle]! < value;
    if (isBelow) low = middle + 1;
    else high = middle;
  }
  return low;
}
