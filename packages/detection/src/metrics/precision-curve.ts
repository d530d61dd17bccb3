import { IOU_THRESHOLDS, RECALL_THRESHOLDS } from './coco-settings.ts';

/** One class's detections by falling score. */
export interface RankedMatches {
  /** Objects that are to be found. */
  readonly wanted: number;
  /** Indices into the lists below, by falling score. */
  readonly order: Uint32Array;
  readonly scores: readonly number[];
  /** A bit a threshold: found an object; counts neither way. */
  readonly found: readonly number[];
  readonly passedOver: readonly number[];
}

/** Precision against recall at one overlap. */
export interface PrecisionCurve {
  /** At recalls 0, 0.01, …, 1: the best precision at that recall or a higher one; 0 beyond the last. */
  readonly precision: Float64Array;
  /** The score down to which detections are to be taken for each recall; 0 beyond the last. */
  readonly scores: Float64Array;
  /** Recall with all detections. */
  readonly recall: number;
}

/** Keeps 0/0 from being no number, as pycocotools does: the distance from 1 to the next number. */
export const TINY = Number.EPSILON;

/** A curve a threshold; undefined where there is nothing to find. */
export function curveOf(matches: RankedMatches): PrecisionCurve[] | undefined {
  if (matches.wanted === 0) return undefined;
  return Array.from(IOU_THRESHOLDS, (_, threshold) => curveAt(matches, threshold));
}

function curveAt({ wanted, order, scores, found, passedOver }: RankedMatches, threshold: number): PrecisionCurve {
  const recalls = new Float64Array(order.length);
  const precisions = new Float64Array(order.length);
  const bit = 1 << threshold;
  let right = 0;
  let wrong = 0;
  for (let i = 0; i < order.length; i++) {
    const detection = order[i]!;
    if (!(passedOver[detection]! & bit)) {
      if (found[detection]! & bit) right++;
      else wrong++;
    }
    recalls[i] = right / wanted;
    precisions[i] = right / (right + wrong + TINY);
  }
  for (let i = order.length - 1; i > 0; i--) precisions[i - 1] = Math.max(precisions[i - 1]!, precisions[i]!);
  const precision = new Float64Array(RECALL_THRESHOLDS.length);
  const at = new Float64Array(RECALL_THRESHOLDS.length);
  for (let r = 0, i = 0; r < RECALL_THRESHOLDS.length; r++) {
    while (i < order.length && recalls[i]! < RECALL_THRESHOLDS[r]!) i++;
    if (i === order.length) break;
    precision[r] = precisions[i]!;
    at[r] = scores[order[i]!]!;
  }
  return { precision, scores: at, recall: right / wanted };
}

/** Recall a threshold with all these detections; undefined where there is nothing to find. */
export function finalRecall({ wanted, order, found, passedOver }: RankedMatches): Float64Array | undefined {
  if (wanted === 0) return undefined;
  return Float64Array.from(IOU_THRESHOLDS, (_, threshold) => {
    const bit = 1 << threshold;
    let right = 0;
    for (const detection of order) if (found[detection]! & bit & ~passedOver[detection]!) right++;
    return right / wanted;
  });
}
