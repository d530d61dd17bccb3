import { shown } from '@headstart/artifacts/errors';
import { byCodeUnit } from '@headstart/core/readers';
import type { Detection } from '../data/detection.ts';
import type { DetectionObject } from '../data/detection-sample.ts';
import { areaOf } from '../boxes/box.ts';
import type { BoxTable } from '../readers/box-table.ts';
import { annotationError } from '../annotations/annotation-error.ts';
import { readCocoDocument, type CocoDocument } from '../readers/coco-document.ts';
import { readCocoPredictions, type CocoPredictions } from '../readers/coco-predictions.ts';
import type { Id } from '../readers/ids.ts';
import { CocoEvaluator, type ClassPrecision } from './coco-evaluator.ts';
import type { CocoMetrics } from './coco-metrics.ts';

export interface Score {
  readonly metrics: CocoMetrics;
  /** Numbers of each category, in the order of the truth's list. */
  readonly perClass: readonly (ClassPrecision & { readonly name: string })[];
  readonly images: number;
  readonly objects: number;
  /** Detections of the truth's categories. */
  readonly detections: number;
  /** Categories that the truth does not have, with how many detections were passed over for that. */
  readonly unknownCategories: ReadonlyMap<Id, number>;
}

/**
 * COCO's box metrics of a detector's output: a COCO file of the truth and a list of detections, both
 * read as a stream. Equal to pycocotools' numbers.
 *
 * @throws HeadstartError `target-not-found`, `target-unreadable`, `label-invalid`
 */
export async function scoreFiles(truthPath: string, predictionsPath: string): Promise<Score> {
  const { truth, boxes, unknownCategories } = await readScored(truthPath, predictionsPath);
  const evaluator = new CocoEvaluator(truth.categories.length);
  for (const picture of inOrderOfIds(truth)) evaluator.add(objectsIn(truth, picture), detectionsIn(boxes, picture));
  return {
    metrics: evaluator.metrics(),
    perClass: evaluator.perClass().map((numbers, place) => ({ name: truth.categories[place]!.name, ...numbers })),
    images: truth.images.length,
    objects: truth.annotations.length,
    detections: boxes.length,
    unknownCategories,
  };
}

/** The truth, its boxes checked, and the detections in its pictures. @throws HeadstartError as `scoreFiles` */
export async function readScored(
  truthPath: string,
  predictionsPath: string,
): Promise<{ readonly truth: CocoDocument } & CocoPredictions> {
  const truth = await readCocoDocument(truthPath);
  checkBoxes(truth);
  return { truth, ...(await readCocoPredictions(predictionsPath, truth)) };
}

/** The objects of a picture, by its place in the truth's list; labels are places of categories. */
export function objectsIn({ annotations, annotationId }: CocoDocument, picture: number): DetectionObject[] {
  return Array.from(annotations.rowsOf(picture), (row) => {
    const [box, area] = [annotations.box(row), annotations.number(row)];
    return {
      box,
      label: annotations.category(row),
      area: Number.isNaN(area) ? areaOf(box) : area,
      crowd: annotations.crowd(row),
      id: annotationId(row),
    };
  });
}

/** The detections in a picture, by its place in the truth's list. */
export function detectionsIn(boxes: BoxTable, picture: number): Detection[] {
  return Array.from(boxes.rowsOf(picture), (row) => ({
    box: boxes.box(row),
    label: boxes.category(row),
    score: boxes.number(row),
  }));
}

/** Every box has sides; it may reach beyond its picture, and may be flat, as some published ones do. */
function checkBoxes({ path, annotations, annotationId, noBox }: CocoDocument): void {
  for (let row = 0; row < annotations.length; row++) {
    const box = annotations.box(row);
    if (box[2] >= 0 && box[3] >= 0) continue;
    throw annotationError(
      path,
      `annotation ${annotationId(row)} has the bbox ${noBox.get(row) ?? shown(box)}`,
      'Give [x, y, width, height] in pixels, with a width and height of 0 or more.',
    );
  }
}

/** Places of the pictures by their ids, an order that decides between equal scores: numbers by size, texts by code point. */
export function inOrderOfIds({ images }: CocoDocument): number[] {
  const compare = (a: Id, b: Id) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : byCodeUnit(String(a), String(b));
  return images.map((_, place) => place).sort((a, b) => compare(images[a]!.id, images[b]!.id));
}
