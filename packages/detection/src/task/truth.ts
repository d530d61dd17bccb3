import type { DetectionSample } from '../data/detection-sample.ts';
import type { LabelledTruth } from '../metrics/coco-evaluator.ts';

/** Objects that a picture may have: targets have one shape. */
export const MOST_OBJECTS = 300;
/** Left, top, width, height, area in pixels of the picture; 1 for a crowd; class + 1, and 0 where there is no object. */
export const TRUTH_WIDTH = 7;

/** A picture's objects as rows `[300, 7]`. */
export function truthRows({ objects }: DetectionSample): Float32Array {
  const rows = new Float32Array(MOST_OBJECTS * TRUTH_WIDTH);
  objects.forEach(({ box, area, crowd, label }, i) =>
    rows.set([...box, area, crowd ? 1 : 0, label + 1], i * TRUTH_WIDTH),
  );
  return rows;
}

/** The objects of one picture from rows `[300, 7]`. */
export function truthOf(rows: Float32Array): LabelledTruth[] {
  const objects: LabelledTruth[] = [];
  for (let at = 0; at < rows.length; at += TRUTH_WIDTH) {
    const [x, y, width, height, area, crowd, place] = rows.subarray(at, at + TRUTH_WIDTH) as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    if (place > 0) objects.push({ box: [x, y, width, height], area, crowd: crowd > 0, label: place - 1 });
  }
  return objects;
}
