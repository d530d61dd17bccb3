export { detection, detection as default } from './plugin.ts';
export type { Box, Corners, Size } from './boxes/box.ts';
export { iou } from './boxes/iou.ts';
export { suppress, suppressBatch, type SuppressOptions } from './boxes/suppress.ts';
export type { Detection } from './data/detection.ts';
export type { DetectionObject, DetectionSample } from './data/detection-sample.ts';
export { SCENE_CLASSES, SCENE_VENDORS, type SceneVendor } from './datasets/emoji-pictures.ts';
export { emojiScenes } from './datasets/emoji-scenes.ts';
export { writeEmojiScenes, type SceneOptions } from './datasets/write-scenes.ts';
export { cocoJson } from './readers/coco-json.ts';
export { yoloFolder } from './readers/yolo-folder.ts';
export { pascalVoc } from './readers/pascal-voc.ts';
export { efficientNetLite0Fpn } from './sources/efficientnet-lite0-fpn.ts';
export { nanoDetCoco } from './sources/nanodet-coco.ts';
export type { DetectorPreprocessing } from './sources/detector-preprocessing.ts';
export { CocoEvaluator, type ClassPrecision, type LabelledTruth } from './metrics/coco-evaluator.ts';
export { COCO_METRICS, type CocoMetrics } from './metrics/coco-metrics.ts';
export type { DetectionEvidence, JudgedObjects } from './metrics/detection-evidence.ts';
export type { PrecisionCurve } from './metrics/precision-curve.ts';
export { scoreFiles, type Score } from './metrics/score-files.ts';
export {
  heatMapDetection,
  objectDetection,
  type DenseDetectionOptions,
  type DetectionPrediction,
  type FoundObject,
  type ObjectDetectionOptions,
} from './task/object-detection.ts';
export { DetectionConfusion } from './metrics/confusion-matrix.ts';
export { drawBoxes, type DrawnBox } from '@headstart/core/images';
export { findMistakes, MISTAKE_KINDS, type Mistake, type MistakeKind, type MistakeOptions } from './draw/mistakes.ts';
export { mistakePage, type JudgedPicture, type MistakePageOptions } from './draw/mistake-page.ts';
export { reportPage, type ReportedEvaluation } from './draw/report-page.ts';
export { reportOfFiles } from './draw/report-of-files.ts';
export { mistakesOfFiles } from './draw/mistakes-of-files.ts';
