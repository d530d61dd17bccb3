import type { Detection } from '../data/detection.ts';
import type { LabelledTruth } from './coco-evaluator.ts';
import type { JudgedObjects } from './detection-evidence.ts';

/** Numbers that a detection is kept as: its box, label and score. */
const WIDTH = 6;

/** Gathers what there is and what was found in pictures, at 48 bytes per detection. */
export class JudgedPictures {
  readonly #kept: { readonly objects: readonly LabelledTruth[]; readonly detections: Float64Array }[] = [];

  add(objects: readonly LabelledTruth[], detections: readonly Detection[]): void {
    const packed = Float64Array.from(detections.flatMap(({ box, label, score }) => [...box, label, score]));
    this.#kept.push({ objects, detections: packed });
  }

  /** Every picture, in the order in which they came. */
  all(): JudgedObjects[] {
    return this.#kept.map(({ objects, detections }) => ({ objects, detections: unpacked(detections) }));
  }
}

function unpacked(packed: Float64Array): Detection[] {
  return Array.from({ length: packed.length / WIDTH }, (_, i) => {
    const [x, y, width, height, label, score] = packed.subarray(i * WIDTH, (i + 1) * WIDTH);
    return { box: [x!, y!, width!, height!], label: label!, score: score! };
  });
}
