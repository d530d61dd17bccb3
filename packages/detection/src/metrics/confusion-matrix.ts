import type { Detection } from '../data/detection.ts';
import { iou } from '../boxes/iou.ts';
import type { LabelledTruth } from './coco-evaluator.ts';

/**
 * Counts which class was found where which was. Row and column `classes` stand for the background: a
 * detection where no object is, an object where nothing was found. Each detection of a sufficient score,
 * the surest first, is paired with the free object that it overlaps most by 0.5 or more, of whatever
 * class; one that lies on a crowd of its class is left out.
 */
export class DetectionConfusion {
  /** `[true class][found class]`, each `classes + 1`. */
  readonly counts: number[][];
  readonly #classes: number;

  /** @param threshold the score from which a detection counts */
  constructor(
    classes: number,
    readonly threshold = 0.3,
  ) {
    this.#classes = classes;
    this.counts = Array.from({ length: classes + 1 }, () => new Array<number>(classes + 1).fill(0));
  }

  /** Adds a picture. */
  add(objects: readonly LabelledTruth[], detections: readonly Detection[]): void {
    const free = new Set(objects.filter(({ crowd }) => !crowd));
    for (const { box, label, score } of detections.toSorted((a, b) => b.score - a.score)) {
      if (score < this.threshold) break;
      let found: LabelledTruth | undefined;
      let most = 0.5;
      for (const object of free) {
        const overlap = iou(box, object.box);
        if (overlap > most || (overlap === most && !found)) [found, most] = [object, overlap];
      }
      if (found) free.delete(found);
      else if (objects.some((object) => object.crowd && object.label === label && iou(box, object.box, true) >= 0.5))
        continue;
      this.counts[found?.label ?? this.#classes]![label]!++;
    }
    for (const { label } of free) this.counts[label]![this.#classes]!++;
  }
}
