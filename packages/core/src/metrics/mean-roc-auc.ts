import { addRow, drawnSamples } from './resamples.ts';
import { divide, resampledTogether, type Resampled } from './resampling.ts';
import { meanOf, rocAuc } from './roc-auc.ts';

/**
 * Up to so many scores, samples times columns, each draw has its own areas. The work grows with samples, columns and draws: of ten
 * thousand samples in ten thousand classes it would be ten minutes.
 */
const MOST_SCORES = 2 ** 18;

/**
 * The mean of the areas under the ROC curves of several columns, over those that have samples of either kind; NaN where none has.
 * Of many scores, a draw's areas follow its samples of the rarer kind exactly, also where it has none of them, and those of
 * the other kind, of which there are many, to first order (by their influences, from which DeLong, DeLong and Clarke-Pearson, 1988, have
 * the variance), so that draws cost next to nothing by the column.
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
  if (scores.length > mostScores) return approximated(scores, isPositive, columns);
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

/** The samples of each column's rarer kind: those of a column lie from `starts[column]` to `starts[column + 1]`, by their scores. */
interface Rarer {
  readonly starts: Uint32Array;
  readonly samples: Uint32Array;
  readonly scores: Float32Array;
  /** -1 where negatives are rarer: an area is the same with kinds and signs turned round. */
  readonly signs: Int8Array;
  readonly isRarer: (place: number, column: number) => boolean;
}

function rarerOf(scores: Float32Array, isPositive: (place: number) => boolean, columns: number): Rarer {
  const samples = scores.length / columns;
  const counts = new Uint32Array(columns);
  for (let i = 0, at = 0; i < samples; i++)
    for (let column = 0; column < columns; column++, at++) if (isPositive(at)) counts[column]!++;
  const signs = Int8Array.from(counts, (count) => (2 * count > samples ? -1 : 1));
  const isRarer = (place: number, column: number) => isPositive(place) === signs[column]! > 0;
  const starts = new Uint32Array(columns + 1);
  for (let column = 0; column < columns; column++)
    starts[column + 1] = starts[column]! + (signs[column]! > 0 ? counts[column]! : samples - counts[column]!);
  const next = starts.slice();
  const members = new Uint32Array(starts[columns]!);
  for (let i = 0, at = 0; i < samples; i++)
    for (let column = 0; column < columns; column++, at++) if (isRarer(at, column)) members[next[column]!++] = i;
  const own = new Float32Array(members.length);
  for (let column = 0; column < columns; column++) {
    const scoreOf = (sample: number) => signs[column]! * scores[sample * columns + column]!;
    members.subarray(starts[column], starts[column + 1]).sort((a, b) => scoreOf(a) - scoreOf(b));
    for (let at = starts[column]!; at < starts[column + 1]!; at++) own[at] = scoreOf(members[at]!);
  }
  return { starts, samples: members, scores: own, signs, isRarer };
}

function approximated(scores: Float32Array, isPositive: (place: number) => boolean, columns: number): Resampled {
  const samples = scores.length / columns;
  const { starts, samples: members, scores: own, signs, isRarer } = rarerOf(scores, isPositive, columns);
  const sizeOf = (column: number) => starts[column + 1]! - starts[column]!;
  const counted = Array.from({ length: columns }, (_, column) => column).filter((column) => sizeOf(column) > 0);
  // How many of the other kind are below each member, ties half. Counted where they begin, one place more for each column.
  const below = new Float64Array(members.length + columns);
  const influence = new Float64Array(samples);
  for (let i = 0; i < samples; i++) {
    for (const column of counted) {
      const place = i * columns + column;
      if (isRarer(place, column)) continue;
      const [from, to] = [starts[column]!, starts[column + 1]!];
      const score = signs[column]! * scores[place]!;
      const lower = firstAbove(own, score, from, to, false);
      const upper = firstAbove(own, score, lower, to, true);
      below[lower + column]! += 0.5;
      below[upper + column]! += 0.5;
      // The share of members above this sample, ties half, of as many others.
      influence[i]! += (to - upper + (upper - lower) / 2) / (to - from) / (samples - (to - from));
    }
  }
  /** Of each member: the share of the other kind that is below it. */
  const shares = new Float64Array(members.length);
  /** By how much all areas are taken off a sample that is a member of no column. */
  let all = 0;
  for (const column of counted) {
    const others = samples - sizeOf(column);
    let [count, area] = [0, 0];
    for (let at = starts[column]!; at < starts[column + 1]!; at++) {
      count += below[at + column]!;
      shares[at] = count / others;
      area += shares[at]! / sizeOf(column);
    }
    all += area / others;
    for (let at = starts[column]!; at < starts[column + 1]!; at++) influence[members[at]!]! += area / others;
  }
  for (let i = 0; i < samples; i++) influence[i] = (samples * (influence[i]! - all)) / counted.length;

  return resampledTogether((resamples) => {
    const { draws, counts } = resamples;
    const [areas, present] = [new Float64Array(draws), new Float64Array(draws)];
    for (const column of counted) {
      const [sums, weights] = [new Float64Array(draws), new Float64Array(draws)];
      for (let at = starts[column]!; at < starts[column + 1]!; at++) {
        addTimes(sums, counts, members[at]! * draws, shares[at]!);
        addRow(weights, 0, counts, members[at]! * draws, draws);
      }
      for (let d = 0; d < draws; d++) {
        if (weights[d] === 0) continue;
        areas[d]! += sums[d]! / weights[d]!;
        present[d]!++;
      }
    }
    const changes = new Float64Array(draws);
    for (let i = 0; i < samples; i++) addTimes(changes, counts, i * draws, influence[i]!);
    divide(changes, drawnSamples(resamples));
    // What is linear knows no bounds, and an area has some.
    return divide(areas, present).map((area, d) => Math.min(1, Math.max(0, area + changes[d]!)));
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
