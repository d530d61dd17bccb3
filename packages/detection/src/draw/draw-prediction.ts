import type { Box } from '../boxes/box.ts';
import type { DetectionSample } from '../data/detection-sample.ts';
import { drawBoxes } from '@headstart/core/images';

/** What was found in a picture, with the names of its classes. */
export interface NamedFinds {
  readonly objects: readonly { readonly label: string; readonly score: number; readonly box: Box }[];
}

/**
 * The picture with what was found in it: boxes, labels and scores, as PNG bytes.
 * @throws HeadstartError `sample-unreadable`
 */
export function drawPrediction(sample: DetectionSample, { objects }: NamedFinds): Promise<Uint8Array> {
  return drawBoxes(
    sample,
    objects.map(({ label, score, box }) => ({ box, text: `${label} ${score.toFixed(2)}` })),
  );
}
