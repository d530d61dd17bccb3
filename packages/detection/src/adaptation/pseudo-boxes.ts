import type { DerivedTargets } from '@headstart/core';
import { areaOf, type Box } from '../boxes/box.ts';
import { MOST_ASSIGNED } from '../assignment/cell-targets.ts';
import type { Detection } from '../data/detection.ts';
import type { DetectionObject, DetectionSample } from '../data/detection-sample.ts';
import { DetectionEncoder } from '../task/detection-encoder.ts';
import { FINDING_DEFAULTS } from '../task/detection-options.ts';
import { findBoxes } from '../task/find-boxes.ts';

/** Which of the boxes that a detector finds in unlabelled pictures become their truth. */
export interface PseudoBoxOptions {
  /** Boxes of this score and above are learned. */
  readonly threshold: number;
  /** Boxes of this score and above, but below `threshold`, are neither learned nor taken for background. */
  readonly doubt: number;
}

/** Left, top, width, height in pixels of the picture; class + 1, and 0 where there is no box; score. */
const ROW = 6;
const NAME = 'boxes';

/**
 * Pseudo-labels in the way of STAC (Sohn et al., 2020, arXiv 2005.04757): what the detector as it stands finds in the plain pictures is
 * their truth while a phase lasts. Sure boxes are objects; where doubtful ones lie nothing is learned, and neither is it in a
 * picture without a sure box. `boxes` `[64, 6]`, the surest first.
 */
export function pseudoBoxes({ threshold, doubt }: PseudoBoxOptions): DerivedTargets {
  return {
    byBatch: true,
    specs: () => ({ [NAME]: { shape: [MOST_ASSIGNED, ROW], dtype: 'float32' } }),
    derive({ outputs, samples, encoded }) {
      const encoder = encoded?.encoder;
      if (!(encoder instanceof DetectionEncoder)) throw new TypeError('Boxes are found by what a detector encodes.');
      const derived = new Float32Array(samples * MOST_ASSIGNED * ROW);
      const rowOf = ({ data }: { readonly data: Float32Array }, i: number) =>
        data.subarray((i * data.length) / samples, ((i + 1) * data.length) / samples);
      (encoded!.samples as readonly DetectionSample[]).forEach((sample, i) => {
        const [logits, xyxy] = [rowOf(outputs['logits']!, i), rowOf(outputs['xyxy']!, i)];
        const found = findBoxes(logits, xyxy, encoder.frame(sample), sample, {
          threshold: doubt,
          suppression: FINDING_DEFAULTS.suppression,
          overlap: FINDING_DEFAULTS.iou,
          most: MOST_ASSIGNED,
        });
        found.forEach(({ box, label, score }, place) =>
          derived.set([...box, label + 1, score], (i * MOST_ASSIGNED + place) * ROW),
        );
      });
      return { [NAME]: derived };
    },
    truth: (sample, values) => ({
      objects: pseudoObjects(sample as DetectionSample, boxesOf(values[NAME] as Float32Array), threshold),
    }),
    summary(values, labels) {
      const rows = values[NAME] as Float32Array;
      const perPicture = MOST_ASSIGNED * ROW;
      const pictures = Array.from({ length: rows.length / perPicture }, (_, i) =>
        surest(rows.subarray(i * perPicture, (i + 1) * perPicture), threshold),
      );
      const boxes = pictures.flat();
      const classes = new Set(boxes.map(({ label }) => label)).size;
      return `${boxes.length} ${boxes.length === 1 ? 'box' : 'boxes'} in ${pictures.filter(({ length }) => length > 0).length} of ${pictures.length} pictures, of ${classes} of ${labels.length} classes`;
    },
    remark(values) {
      if (surest(values[NAME] as Float32Array, threshold).length > 0) return undefined;
      return `no box in the unlabelled pictures has a score of ${threshold} or more, so that nothing is learned from them. Give a lower threshold, such as self-training:threshold=${threshold / 2}, or train for longer.`;
    },
  };
}

const surest = (rows: Float32Array, threshold: number) => boxesOf(rows).filter(({ score }) => score >= threshold);

function boxesOf(rows: Float32Array): Detection[] {
  const found: Detection[] = [];
  for (let at = 0; at < rows.length; at += ROW) {
    const [x, y, width, height, place, score] = rows.subarray(at, at + ROW) as unknown as [...Box, number, number];
    if (place > 0) found.push({ box: [x, y, width, height], label: place - 1, score });
  }
  return found;
}

/** Sure boxes as objects, doubtful ones as regions of which nothing is known: all of the picture where none is sure. */
function pseudoObjects(
  { width, height }: DetectionSample,
  found: readonly Detection[],
  threshold: number,
): DetectionObject[] {
  const whole: Detection = { box: [0, 0, width, height], label: 0, score: 0 };
  const known = found.some(({ score }) => score >= threshold) ? found : [whole];
  return known.map(({ box, label, score }, id) => ({
    id,
    box,
    label,
    crowd: score < threshold,
    area: areaOf(box),
  }));
}
