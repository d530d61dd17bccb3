import { namedOptions, parseNamedOptions } from '@headstart/core/options';
import { z } from 'zod';
import { ASSIGNMENTS, type CellAssignment } from '../assignment/assignments.ts';
import { OVERLAPS, type BoxOverlap } from '../losses/box-overlaps.ts';
import { SUPPRESSIONS, type FindOptions } from './find-boxes.ts';

/** What there is to choose about which boxes are reported; none of it is trained. */
export interface FindingOptions {
  /** Lowest score that a prediction reports, above 0 and below 1. */
  readonly threshold: number;
  /** What becomes of a box that overlaps a better one of its class: it is dropped, or its score falls (Soft-NMS). */
  readonly suppression: (typeof SUPPRESSIONS)[number];
  /** Intersection over union with a better box from which `hard` suppression drops a box, 0 to 1. */
  readonly iou: number;
}

/** What there is to choose about the dense head's loss, by name. */
export interface DenseOptions {
  readonly assignment: keyof typeof ASSIGNMENTS;
  readonly overlap: keyof typeof OVERLAPS;
}

/** What serves most users. */
export const FINDING_DEFAULTS: FindingOptions = { threshold: 0.3, suppression: 'hard', iou: 0.6 };

/** What serves most users: `npm run measure -- detection-variants` compares. */
export const DENSE_DEFAULTS: DenseOptions = { assignment: 'task-aligned', overlap: 'giou' };

const MOST_FOUND = 100;

/** How boxes of a prediction are found. */
export function findOptions({ threshold, suppression, iou }: FindingOptions): FindOptions {
  return { threshold, suppression, overlap: iou, most: MOST_FOUND };
}

/** What the names stand for. */
export function densePartsOf({ assignment, overlap }: DenseOptions): {
  readonly assignment: CellAssignment;
  readonly overlap: BoxOverlap;
} {
  return { assignment: ASSIGNMENTS[assignment], overlap: OVERLAPS[overlap] };
}

const finding = z.strictObject({
  threshold: z.coerce.number().gt(0).lt(1),
  suppression: z.enum(SUPPRESSIONS),
  iou: z.coerce.number().min(0).max(1),
});
const dense = finding.extend({
  assignment: z.enum(namesOf(ASSIGNMENTS)),
  overlap: z.enum(namesOf(OVERLAPS)),
});

/** Such as `threshold=0.5,suppression=soft`; what is not said is absent. @throws HeadstartError `invalid-option` */
export function parseFindingOptions(id: string, text: string): Partial<FindingOptions> {
  return parseNamedOptions(
    { kind: 'task', id, example: `${id}:threshold=0.5,suppression=soft` },
    text,
    finding.partial(),
  );
}

/** Such as `assignment=sim-ota,overlap=ciou`, or what `parseFindingOptions` takes. @throws HeadstartError `invalid-option` */
export function parseDenseOptions(id: string, text: string): Partial<DenseOptions & FindingOptions> {
  return parseNamedOptions(
    { kind: 'task', id, example: `${id}:assignment=adaptive,overlap=ciou,threshold=0.5` },
    text,
    dense.partial(),
  );
}

/** The task's name with options that `parse…Options` reads; its id alone where there are none. */
export function taskName(
  id: string,
  { assignment, overlap, threshold, suppression, iou }: Partial<DenseOptions & FindingOptions>,
): string {
  const text = namedOptions({ assignment, overlap, threshold, suppression, iou });
  return text === '' ? id : `${id}:${text}`;
}

function namesOf<Name extends string>(record: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(record) as Name[];
}
