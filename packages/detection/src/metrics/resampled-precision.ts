import { resampledTogether, type Resampled, type Resamples } from '@headstart/core/metrics';
import { IOU_THRESHOLDS, RECALL_THRESHOLDS } from './coco-settings.ts';
import { TINY } from './precision-curve.ts';

/** One class's detections by falling score, matched, and where its objects are. */
export interface ClassRanking {
  /** The picture of each detection. */
  readonly pictures: Int32Array;
  /** A bit a threshold: found an object; counts neither way. */
  readonly found: Uint16Array;
  readonly passedOver: Uint16Array;
  /** Of each picture with objects that are to be found: its number, and how many. */
  readonly wanted: readonly (readonly [picture: number, objects: number])[];
}

/**
 * The mean precision over all classes with objects, where picture i counts so often; NaN where there is nothing to find.
 * Equal to the evaluation of pictures that come so often, without matching them again.
 * @param thresholds places of overlaps among the ten; all of them where absent
 */
export function resampledPrecision(
  classes: readonly ClassRanking[],
  thresholds: readonly number[] = [...IOU_THRESHOLDS.keys()],
): Resampled {
  return resampledTogether((resamples) => {
    const sums = new Float64Array(resamples.draws);
    const present = new Float64Array(resamples.draws);
    for (const ranking of classes) {
      const wanted = wantedOf(ranking, resamples);
      const precisions = precisionsOf(ranking, resamples, wanted, thresholds);
      for (let d = 0; d < sums.length; d++) {
        if (wanted[d] === 0) continue;
        sums[d]! += precisions[d]!;
        present[d]!++;
      }
    }
    return sums.map((sum, d) => sum / present[d]!);
  });
}

function wantedOf({ wanted }: ClassRanking, { draws, counts }: Resamples): Float64Array {
  const sums = new Float64Array(draws);
  for (const [picture, objects] of wanted) addTimes(sums, objects, counts, picture * draws);
  return sums;
}

/** What is known at one overlap of each draw's detections down to one that is looked at. */
interface AtOverlap {
  readonly bit: number;
  readonly right: Float64Array;
  readonly passedOver: Float64Array;
  /** The best precision from that detection on. */
  readonly best: Float64Array;
  /** The sum of these over the recalls that were read so far. */
  readonly sum: Float64Array;
}

/**
 * A class's mean precision in each draw. Precision can only be best, and a recall only be reached, at a detection that is
 * right: from the last of these upwards, each gives its precision to the recalls that are reached by it.
 */
function precisionsOf(
  { pictures, found, passedOver }: ClassRanking,
  { draws, counts }: Resamples,
  wanted: Float64Array,
  thresholds: readonly number[],
): Float64Array {
  const zeros = () => new Float64Array(draws);
  const detections = zeros();
  const overlaps = thresholds.map((threshold): AtOverlap => {
    return { bit: 1 << threshold, right: zeros(), passedOver: zeros(), best: zeros(), sum: zeros() };
  });
  const all = overlaps.reduce((bits, { bit }) => bits | bit, 0);
  const right = (i: number) => found[i]! & ~passedOver[i]! & all;
  let last = pictures.length - 1;
  while (last >= 0 && right(last) === 0) last--;
  const count = (i: number, sign: 1 | -1) => {
    const row = pictures[i]! * draws;
    addTimes(detections, sign, counts, row);
    for (const overlap of overlaps) if (passedOver[i]! & overlap.bit) addTimes(overlap.passedOver, sign, counts, row);
  };
  for (let i = 0; i <= last; i++) {
    count(i, 1);
    for (const overlap of overlaps)
      if (right(i) & overlap.bit) addTimes(overlap.right, 1, counts, pictures[i]! * draws);
  }
  for (let i = last; i >= 0; i--) {
    for (const overlap of overlaps)
      if (right(i) & overlap.bit) readRecalls(overlap, detections, wanted, counts, pictures[i]! * draws);
    count(i, -1);
  }
  const means = zeros();
  for (const { sum } of overlaps) for (let d = 0; d < draws; d++) means[d]! += sum[d]! / RECALL_THRESHOLDS.length;
  return means.map((total) => total / overlaps.length);
}

/** Takes a right detection out of each draw that it is in, with the recalls that are reached by it. */
function readRecalls(
  { right, passedOver, best, sum }: AtOverlap,
  detections: Float64Array,
  wanted: Float64Array,
  counts: Int32Array,
  row: number,
): void {
  for (let d = 0; d < right.length; d++) {
    const times = counts[row + d]!;
    if (times === 0) continue;
    const precision = right[d]! / (detections[d]! - passedOver[d]! + TINY);
    if (precision > best[d]!) best[d] = precision;
    const before = right[d]! - times;
    const reached = recallsUpTo(right[d]! / wanted[d]!) - (before === 0 ? 0 : recallsUpTo(before / wanted[d]!));
    sum[d]! += reached * best[d]!;
    right[d] = before;
  }
}

/** How many of COCO's recalls are no larger. */
function recallsUpTo(recall: number): number {
  let count = Math.floor(recall * (RECALL_THRESHOLDS.length - 1));
  while (count < RECALL_THRESHOLDS.length && RECALL_THRESHOLDS[count]! <= recall) count++;
  while (count > 0 && RECALL_THRESHOLDS[count - 1]! > recall) count--;
  return count;
}

function addTimes(sums: Float64Array, times: number, counts: Int32Array, row: number): void {
  for (let d = 0; d < sums.length; d++) sums[d]! += times * counts[row + d]!;
}
