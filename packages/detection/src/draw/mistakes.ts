import type { Detection } from '../data/detection.ts';
import { iou } from '../boxes/iou.ts';
import type { LabelledTruth } from '../metrics/coco-evaluator.ts';

/** Kinds of mistakes, in the order in which a page shows them. */
export const MISTAKE_KINDS = ['localisation', 'classification', 'duplicate', 'background', 'missed'] as const;
export type MistakeKind = (typeof MISTAKE_KINDS)[number];

export interface Mistake {
  readonly kind: MistakeKind;
  /** What was found, unless it was missed. */
  readonly detection?: Detection;
  /** The object that it was to be, or that was missed; absent for the background. */
  readonly object?: LabelledTruth;
  /** IoU of both; 0 where one is absent. */
  readonly overlap: number;
}

export interface MistakeOptions {
  /** Detections below this score are not looked at. */
  readonly threshold?: number;
}

const RIGHT = 0.5;
const NEAR = 0.1;

/**
 * What a detector did wrong in one picture. Detections by falling score take the free object of their
 * class that they overlap most, by an IoU of 0.5 or more; one that takes none is
 *
 * - `duplicate`: such an object was taken already,
 * - `classification`: it overlaps an object of another class by 0.5 or more,
 * - `localisation`: it overlaps one of its class by 0.1 to 0.5,
 * - `background`: neither; nothing of it is right.
 *
 * An object that nothing took is `missed`, unless a detection of the second or third kind reports it.
 * What lies on a crowd counts neither way. After Bolya et al. (2020), "TIDE: A general toolbox for
 * identifying object detection errors".
 */
export function findMistakes(
  objects: readonly LabelledTruth[],
  detections: readonly Detection[],
  { threshold = 0.3 }: MistakeOptions = {},
): Mistake[] {
  const taken = new Set<LabelledTruth>();
  const reported = new Set<LabelledTruth>();
  const wanted = objects.filter(({ crowd }) => !crowd);
  const crowds = objects.filter(({ crowd }) => crowd);
  const mistakes: Mistake[] = [];
  for (const detection of detections.filter(({ score }) => score >= threshold).sort((a, b) => b.score - a.score)) {
    const same = wanted.filter(({ label }) => label === detection.label);
    const [free, freeOverlap] = nearest(
      detection,
      same.filter((object) => !taken.has(object)),
    );
    if (free && freeOverlap >= RIGHT) {
      taken.add(free);
      continue;
    }
    if (crowds.some((crowd) => crowd.label === detection.label && iou(detection.box, crowd.box, true) >= RIGHT))
      continue;
    const mistake = kindOf(detection, same, wanted);
    if (mistake.object && mistake.kind !== 'duplicate') reported.add(mistake.object);
    mistakes.push(mistake);
  }
  const missed = wanted.filter((object) => !taken.has(object) && !reported.has(object));
  return [...mistakes, ...missed.map((object) => ({ kind: 'missed', object, overlap: 0 }) as const)];
}

function kindOf(detection: Detection, same: readonly LabelledTruth[], all: readonly LabelledTruth[]): Mistake {
  const [own, overlap] = nearest(detection, same);
  if (own && overlap >= RIGHT) return { kind: 'duplicate', detection, object: own, overlap };
  const [other, otherOverlap] = nearest(
    detection,
    all.filter(({ label }) => label !== detection.label),
  );
  if (other && otherOverlap >= RIGHT)
    return { kind: 'classification', detection, object: other, overlap: otherOverlap };
  if (own && overlap >= NEAR) return { kind: 'localisation', detection, object: own, overlap };
  return { kind: 'background', detection, overlap: 0 };
}

function nearest({ box }: Detection, objects: readonly LabelledTruth[]): readonly [LabelledTruth | undefined, number] {
  let best: LabelledTruth | undefined;
  let most = 0;
  for (const object of objects) {
    const overlap = iou(box, object.box);
    if (overlap > most) [best, most] = [object, overlap];
  }
  return [best, most];
}
