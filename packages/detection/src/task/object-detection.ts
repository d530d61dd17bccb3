import { lossTerm, type TargetData, type Task } from '@headstart/core';
import type { InputContent, SampleView } from '@headstart/core/readers';
import type { Tensors } from '@headstart/core/network';
import { readImageInput } from '@headstart/core/images';
import { likeliestLabel } from '@headstart/core/tasks';
import type { Box } from '../boxes/box.ts';
import type { DetectionSample } from '../data/detection-sample.ts';
import { heatTargets } from '../assignment/heat-targets.ts';
import { MOST_ASSIGNED } from '../assignment/cell-targets.ts';
import { drawPrediction } from '../draw/draw-prediction.ts';
import { denseHead } from '../heads/dense-head.ts';
import { heatMapHead } from '../heads/heat-map-head.ts';
import { generalizedFocalLoss, type DenseOutputs } from '../losses/detection-loss.ts';
import { heatMapLoss } from '../losses/heat-map-loss.ts';
import { classIncrementalLoss } from '../losses/class-incremental-loss.ts';
import { detectorAdaptation, type DetectorLoss } from '../adaptation/strategies.ts';
import { AUGMENTATIONS } from './augmentation.ts';
import { detectionBudget } from './budget.ts';
import { checkObjects } from './check-objects.ts';
import { DetectionEncoder } from './detection-encoder.ts';
import {
  DENSE_DEFAULTS,
  densePartsOf,
  FINDING_DEFAULTS,
  findOptions,
  parseDenseOptions,
  parseFindingOptions,
  taskName,
  type DenseOptions,
  type FindingOptions,
} from './detection-options.ts';
import { detectionPage } from './detection-page.ts';
import { detectionEvaluator } from './detection-evaluator.ts';
import { findBoxes } from './find-boxes.ts';

/** One object that was found. */
export interface FoundObject {
  readonly label: string;
  /** 0 to 1. */
  readonly score: number;
  /** `[left, top, width, height]` in pixels of the picture. */
  readonly box: Box;
}

/** What a detector found in a picture, the surest first. */
export interface DetectionPrediction {
  readonly objects: readonly FoundObject[];
  /** Pixels of the picture. */
  readonly width: number;
  readonly height: number;
}

/** Which boxes are reported; what is absent is what serves most users. */
export type ObjectDetectionOptions = Partial<FindingOptions>;

/** How a dense head learns, too. */
export type DenseDetectionOptions = Partial<DenseOptions & FindingOptions>;

type DetectionTask = Task<DetectionSample, DetectionPrediction>;

const DENSE = 'object-detection';
const HEAT_MAP = 'heat-map-detection';

/**
 * Learns which objects a picture shows and where, by a dense head: every cell predicts the object around it. Options
 * after a colon: `object-detection:assignment=adaptive,overlap=ciou`. Where no assignment is asked for, pictures of more
 * objects than the usual one holds take `adaptive`.
 */
export function objectDetection(options: DenseDetectionOptions = {}): DetectionTask {
  const { assignment, overlap } = densePartsOf({ ...DENSE_DEFAULTS, ...options });
  const id = taskName(DENSE, options);
  const loss: DetectorLoss = (outputs, targets) =>
    generalizedFocalLoss(denseOutputs(outputs), assignment.resolve(outputs, targets), { overlap });
  return {
    ...sharedTask(options),
    id,
    description: `Which objects a picture shows, and where; ${DENSE}:assignment=adaptive,overlap=ciou for others than ${DENSE_DEFAULTS.assignment} and ${DENSE_DEFAULTS.overlap}; ${FINDING_OPTIONS}`,
    variant: ({ samples }) =>
      options.assignment === undefined && exceeds(samples)
        ? taskName(DENSE, { ...options, assignment: 'adaptive' })
        : id,
    encoder: (chosen) => new DetectionEncoder(chosen, assignment.targets(chosen.backbone)),
    buildHead: denseHead,
    mergeLogits: { outputs: ['logits'], merge: likeliestLabel },
    loss,
    adaptation: adaptationOf(loss),
    keepClasses: (retainedClasses) =>
      lossTerm({
        name: 'kept classes',
        needs: { outputs: true, teacher: true },
        replacesTaskLoss: true,
        value: ({ labelled: { outputs, targets, teacher } }) =>
          classIncrementalLoss(
            denseOutputs(outputs),
            assignment.resolve(outputs, targets),
            { outputs: teacher, retainedClasses },
            { overlap },
          ),
      }),
    withOptions: (text) => objectDetection({ ...options, ...parseDenseOptions(DENSE, text) }),
  };
}

/** What the losses look at of a dense head's outputs. */
function denseOutputs(outputs: Tensors): DenseOutputs {
  return { logits: outputs['logits']!, distances: outputs['distances']! };
}

/** Whether a picture has more objects than assignments by predictions take. */
function exceeds(samples: TargetData<DetectionSample>['samples']): boolean {
  return samples.some(({ sample: { objects } }) => objects.filter(({ crowd }) => !crowd).length > MOST_ASSIGNED);
}

/** Learns the same by heat maps: one cell, the one that holds its middle, predicts an object. */
export function heatMapDetection(options: ObjectDetectionOptions = {}): DetectionTask {
  return {
    ...sharedTask(options),
    id: taskName(HEAT_MAP, options),
    description: `Which objects a picture shows, and where, by maps of their middles; ${FINDING_OPTIONS}`,
    encoder: (chosen) => new DetectionEncoder(chosen, heatTargets(chosen.backbone, chosen.labels.length)),
    buildHead: heatMapHead,
    mergeLogits: { outputs: ['logits', 'heat'], merge: likeliestLabel },
    loss: middlesLoss,
    adaptation: adaptationOf(middlesLoss),
    withOptions: (text) => heatMapDetection({ ...options, ...parseFindingOptions(HEAT_MAP, text) }),
  };
}

const middlesLoss: DetectorLoss = (outputs, targets) =>
  heatMapLoss(
    { heat: outputs['heat']!, extent: outputs['extent']! },
    { heat: targets['heat']!, extent: targets['extent']! },
  );

/** How a detector with that loss adapts to unlabelled pictures; `npm run measure -- adaptation-scenes` compares. */
function adaptationOf(loss: DetectorLoss): DetectionTask['adaptation'] {
  return { strategy: 'self-training', strategies: detectorAdaptation(loss) };
}

const FINDING_OPTIONS = `threshold=${FINDING_DEFAULTS.threshold}, suppression=${FINDING_DEFAULTS.suppression} or soft and iou=${FINDING_DEFAULTS.iou} say which boxes are reported`;

/** What both have in common: pictures, boxes and numbers. */
function sharedTask(
  options: ObjectDetectionOptions,
): Omit<
  DetectionTask,
  'id' | 'description' | 'variant' | 'encoder' | 'buildHead' | 'loss' | 'adaptation' | 'withOptions'
> {
  const shown = findOptions({ ...FINDING_DEFAULTS, ...options });
  return {
    modality: 'image',
    defaults: { source: 'nanodet-coco', strategy: 'fine-tune', augmentation: 'none' },
    budget: detectionBudget,
    augmentations: AUGMENTATIONS,
    monitor: { metric: 'AP', mode: 'max' },
    check: checkObjects,
    evaluator: (labels, evaluatorOptions = {}) => detectionEvaluator(labels, evaluatorOptions, shown),
    async decode(outputs, labels, encoded) {
      if (!(encoded?.encoder instanceof DetectionEncoder))
        throw new TypeError('Boxes are reported in pixels of pictures: decode needs the samples and their encoder.');
      const { samples, encoder } = encoded;
      const [logits, xyxy] = await Promise.all([
        outputs['logits']!.data<'float32'>(),
        outputs['xyxy']!.data<'float32'>(),
      ]);
      const row = (values: Float32Array, i: number) =>
        values.subarray((i * values.length) / samples.length, ((i + 1) * values.length) / samples.length);
      return samples.map((sample, i) => {
        const found = findBoxes(row(logits, i), row(xyxy, i), encoder.frame(sample), sample, shown);
        return {
          objects: found.map(({ label, score, box }) => ({ label: labels[label]!, score, box })),
          width: sample.width,
          height: sample.height,
        };
      });
    },
    parseInput: readInput,
    view: viewObjects,
    describe: describePrediction,
    draw: drawPrediction,
    page: ({ backbone, encoder }) => detectionPage(backbone, encoder, shown),
  };
}

/** A picture that a model is asked about, without objects. @throws HeadstartError `sample-unreadable` */
async function readInput(input: InputContent, name?: string): Promise<DetectionSample> {
  const { sample, sizes } = await readImageInput(input, name);
  return { ...sample, ...sizes.upright, objects: [] };
}

/** A picture with its boxes. */
function viewObjects({ image, width, height, asStored, objects }: DetectionSample): SampleView {
  return { picture: { image, asStored, size: { width, height }, boxes: objects.map(({ box }) => box) } };
}

/** Such as `2 objects: cat 93.1% at 10,20 100x80; cup 60.2% at 200,30 40x40`. */
function describePrediction({ objects }: DetectionPrediction): string {
  if (objects.length === 0) return 'no object';
  const each = objects.map(
    ({ label, score, box: [x, y, width, height] }) =>
      `${label} ${(100 * score).toFixed(1)}% at ${Math.round(x)},${Math.round(y)} ${Math.round(width)}x${Math.round(height)}`,
  );
  return `${objects.length} ${objects.length === 1 ? 'object' : 'objects'}: ${each.join('; ')}`;
}
