import {
  itemsInvalid,
  jsonColumn,
  measureMetrics,
  sharedLabels,
  type EvidenceFormat,
  type EvidenceItems,
  type MeasuredNumber,
} from '@headstart/core/metrics';
import type { Detection } from '../data/detection.ts';
import type { LabelledTruth } from './coco-evaluator.ts';
import type { DetectionEvidence, JudgedObjects } from './detection-evidence.ts';
import { detectionNumbers, evaluated } from './detection-numbers.ts';
import { pictureScore } from './picture-score.ts';

/** The overlaps, by their places among COCO's ten, of the numbers that are computed of resampled pictures, too. */
const RESAMPLED = { AP: undefined, AP50: [0], AP75: [5] } as const;

/**
 * The objects and the detections of each picture as JSON, boxes in its pixels. A picture scores the F1 of what is shown of it
 * at an overlap of 0.5: see `pictureScore`.
 */
export const detectionFormat: EvidenceFormat<'detections'> = {
  kind: 'detections',
  write: ({ labels, pictures, retained, threshold }) => ({
    shared: { labels: [...labels], threshold, ...(retained && { retained: [...retained] }) },
    columns: [
      { name: 'truth', type: 'json', values: pictures.map(({ objects }) => JSON.stringify(objects)) },
      { name: 'detections', type: 'json', values: pictures.map(({ detections }) => JSON.stringify(detections)) },
    ],
  }),
  read(items) {
    const labels = sharedLabels(items);
    const [truth, found] = [jsonColumn(items, 'truth'), jsonColumn(items, 'detections')];
    const pictures = truth.map((objects, i): JudgedObjects => {
      if (isList(objects, isObject, labels.length) && isList(found[i], isDetection, labels.length))
        return { objects, detections: found[i] };
      throw itemsInvalid(items, `row ${i + 1} has what is no box of one of their ${labels.length} classes`);
    });
    return { labels, pictures, ...settingsOf(items, labels.length) };
  },
  measure(evidence, registered = []) {
    const coco = evaluated(evidence);
    const numbers: Record<string, MeasuredNumber> = measureMetrics(registered, evidence);
    for (const [name, value] of Object.entries(detectionNumbers(coco, evidence))) {
      const thresholds = RESAMPLED[name as keyof typeof RESAMPLED];
      numbers[name] = { value, ...(name in RESAMPLED && { resampled: coco.resampledPrecision(thresholds) }) };
    }
    return numbers;
  },
  scores: ({ pictures, threshold }) =>
    Float64Array.from(pictures, ({ objects, detections }) => pictureScore(objects, detections, threshold)),
};

function settingsOf(items: EvidenceItems, classes: number): Pick<DetectionEvidence, 'threshold' | 'retained'> {
  const { threshold, retained } = items.shared;
  if (typeof threshold !== 'number') throw itemsInvalid(items, 'they do not say from which score a box is shown');
  if (retained === undefined) return { threshold };
  const isClass = (label: unknown) => Number.isInteger(label) && (label as number) >= 0 && (label as number) < classes;
  if (Array.isArray(retained) && retained.every(isClass)) return { threshold, retained: retained as number[] };
  throw itemsInvalid(items, 'the classes that were retained are none of theirs');
}

function isList<T extends { readonly label: number; readonly box: readonly number[] }>(
  values: unknown,
  is: (value: Partial<T>) => boolean,
  classes: number,
): values is T[] {
  return (
    Array.isArray(values) &&
    (values as Partial<T>[]).every(
      (value) =>
        Number.isInteger(value.label) &&
        value.label! >= 0 &&
        value.label! < classes &&
        value.box?.length === 4 &&
        value.box.every(Number.isFinite) &&
        is(value),
    )
  );
}

const isObject = ({ crowd, area }: Partial<LabelledTruth>) => typeof crowd === 'boolean' && Number.isFinite(area);
const isDetection = ({ score }: Partial<Detection>) => Number.isFinite(score);
