import type { Detection } from '../data/detection.ts';
import type { LabelledTruth } from './coco-evaluator.ts';

/** What there is in a picture, and what was found there: boxes in pixels of the picture. */
export interface JudgedObjects {
  readonly objects: readonly LabelledTruth[];
  /** With a score of 0.05 at least (or of the task's own threshold, where that is lower), in no order. */
  readonly detections: readonly Detection[];
}

/** Objects and detections of a split, a picture after another: what metrics of the kind `detections` are computed from. */
export interface DetectionEvidence {
  readonly labels: readonly string[];
  /** Made when it is read. */
  readonly pictures: readonly JudgedObjects[];
  /** The score from which a prediction shows a detection. */
  readonly threshold: number;
  /** Classes that were retained of the source beside those that were learned, where some were. */
  readonly retained?: readonly number[];
}

declare module '@headstart/core/metrics' {
  interface EvidenceKinds {
    detections: DetectionEvidence;
  }
}
