import type { Detection } from '../data/detection.ts';
import type { LabelledTruth } from './coco-evaluator.ts';
import { matchImage } from './match-image.ts';

/** The bit of the overlap 0.5 among COCO's ten. */
const HALF = 1;

/**
 * How right what is shown of one picture is: 2 TP / (2 TP + FP + FN) over all classes, where detections of a score of
 * `threshold` at least are matched with objects of their class at an overlap of 0.5, as COCO's evaluator matches them. What
 * lies on a crowd counts neither way. 1 where there is nothing and nothing is shown.
 */
export function pictureScore(
  objects: readonly LabelledTruth[],
  detections: readonly Detection[],
  threshold: number,
): number {
  const shown = detections.filter(({ score }) => score >= threshold).sort((a, b) => b.score - a.score);
  let [hits, all] = [0, 0];
  for (const label of new Set([...objects, ...shown].map((each) => each.label))) {
    const own = <T extends { readonly label: number }>(each: T) => each.label === label;
    const [{ wanted, found, passedOver }] = matchImage(
      objects.filter(own),
      shown.filter(own).map(({ box }) => box),
    ) as [ReturnType<typeof matchImage>[number]];
    all += wanted;
    for (let i = 0; i < found.length; i++) {
      if (passedOver[i]! & HALF) continue;
      all++;
      if (found[i]! & HALF) hits++;
    }
  }
  return all === 0 ? 1 : (2 * hits) / all;
}
