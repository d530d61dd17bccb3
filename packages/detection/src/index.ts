export { detection, detection as default } from './plugin.ts';
export type { Box, Corners, Size } from './boxes/box.ts';
export { iou } from './boxes/iou.ts';
export type { Detection } from './data/detection.ts';
export type { DetectionObject, DetectionSample } from './data/detection-sample.ts';
export { nanoDetCoco } from './sources/nanodet-coco.ts';
export type { DetectorPreprocessing } from './sources/detector-preprocessing.ts';
