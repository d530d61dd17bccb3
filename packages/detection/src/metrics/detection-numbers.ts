import { CocoEvaluator } from './coco-evaluator.ts';
import type { DetectionEvidence } from './detection-evidence.ts';

/** COCO's evaluator over all pictures of some evidence. */
export function evaluated({ labels, pictures }: DetectionEvidence): CocoEvaluator {
  const coco = new CocoEvaluator(labels.length);
  for (const { objects, detections } of pictures) coco.add(objects, detections);
  return coco;
}

/**
 * What the task reports of a split: COCO's twelve numbers, those that are defined. Where classes of the source were retained
 * beside new ones, AP and AP50 of either kind, too: `APold` and `AP50old`, `APnew` and `AP50new`.
 */
export function detectionNumbers(
  coco: CocoEvaluator,
  { labels, retained }: Pick<DetectionEvidence, 'labels' | 'retained'>,
): Record<string, number> {
  return defined({ ...coco.metrics(), ...(retained && oldAndNew(coco, labels, retained)) });
}

/** COCO has -1 for what is undefined. */
export function defined(numbers: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => value >= 0));
}

/** As the literature on class-incremental detection reports them (Shmelkov et al., 2017, arXiv 1708.06977). */
function oldAndNew(coco: CocoEvaluator, labels: readonly string[], retained: readonly number[]) {
  const [old, recent] = [
    coco.metrics(retained),
    coco.metrics([...labels.keys()].filter((label) => !retained.includes(label))),
  ];
  return { APold: old.AP, AP50old: old.AP50, APnew: recent.AP, AP50new: recent.AP50 };
}
