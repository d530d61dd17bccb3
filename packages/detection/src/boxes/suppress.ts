import type { Detection } from '../data/detection.ts';
import { iou } from './iou.ts';

export interface SuppressOptions {
  /** Overlap with a better box of its class from which a box counts as the same find. */
  readonly overlap: number;
  /** Boxes to keep. */
  readonly most: number;
  /**
   * Lowers the scores of overlapping boxes instead of dropping them; boxes that fall below `least` are
   * dropped. `sigma` says how fast: 0.5 in the paper.
   */
  readonly soft?: { readonly sigma: number; readonly least: number };
}

/**
 * Non-maximum suppression within each class: the best box is kept, the boxes of its class that overlap
 * it by more than `overlap` are dropped, and so on. With `soft`, each of them has its score multiplied
 * by exp(-IoU² / sigma) instead, whatever it overlaps by, and the order changes with the scores.
 *
 * Bodla et al. (2017), "Soft-NMS: Improving object detection with one line of code".
 *
 * @returns the kept boxes, the best first; equal scores in the order of the candidates
 */
export function suppress(candidates: readonly Detection[], options: SuppressOptions): Detection[] {
  const classes = new Map<number, Ranked[]>();
  candidates.forEach((detection, place) => {
    const rank = { detection, place };
    const ranks = classes.get(detection.label);
    if (ranks) ranks.push(rank);
    else classes.set(detection.label, [rank]);
  });
  const kept = [...classes.values()].flatMap((ranks) =>
    options.soft ? keepSoftly(ranks, options.most, options.soft) : keepBest(ranks, options),
  );
  return kept
    .sort(byScore)
    .slice(0, options.most)
    .map(({ detection }) => detection);
}

/** `suppress` for every picture of a batch. */
export function suppressBatch(pictures: readonly (readonly Detection[])[], options: SuppressOptions): Detection[][] {
  return pictures.map((candidates) => suppress(candidates, options));
}

interface Ranked {
  readonly detection: Detection;
  readonly place: number;
}

function byScore(a: Ranked, b: Ranked): number {
  return b.detection.score - a.detection.score || a.place - b.place;
}

function keepBest(ranks: readonly Ranked[], { overlap, most }: SuppressOptions): Ranked[] {
  const kept: Ranked[] = [];
  for (const rank of ranks.toSorted(byScore)) {
    if (kept.length === most) break;
    if (kept.every((better) => iou(better.detection.box, rank.detection.box) <= overlap)) kept.push(rank);
  }
  return kept;
}

function keepSoftly(
  ranks: readonly Ranked[],
  most: number,
  { sigma, least }: { sigma: number; least: number },
): Ranked[] {
  const kept: Ranked[] = [];
  let left = ranks.filter(({ detection }) => detection.score >= least).sort(byScore);
  while (left.length > 0 && kept.length < most) {
    const [best, ...others] = left as [Ranked, ...Ranked[]];
    kept.push(best);
    left = others
      .map(({ detection, place }) => {
        const shared = iou(best.detection.box, detection.box);
        return { place, detection: { ...detection, score: detection.score * Math.exp(-(shared * shared) / sigma) } };
      })
      .filter(({ detection }) => detection.score >= least)
      .sort(byScore);
  }
  return kept;
}
