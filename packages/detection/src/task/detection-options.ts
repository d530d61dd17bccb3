import { HeadstartError } from '@headstart/core';
import { ASSIGNMENTS, type CellAssignment } from '../assignment/assignments.ts';
import { OVERLAPS, type BoxOverlap } from '../losses/box-overlaps.ts';

/** What there is to choose about the dense head's loss, by name. */
export interface DenseOptions {
  readonly assignment: keyof typeof ASSIGNMENTS;
  readonly overlap: keyof typeof OVERLAPS;
}

/** What serves most users: `npm run measure -- detection-variants` compares. */
export const DENSE_DEFAULTS: DenseOptions = { assignment: 'task-aligned', overlap: 'giou' };

/** What the names stand for. */
export function densePartsOf({ assignment, overlap }: DenseOptions): { readonly assignment: CellAssignment; readonly overlap: BoxOverlap } {
  return { assignment: ASSIGNMENTS[assignment], overlap: OVERLAPS[overlap] };
}

/** The text that `parseDenseOptions` makes these of. */
export function denseText({ assignment, overlap }: Partial<DenseOptions>): string {
  return [...(assignment ? [`assignment=${assignment}`] : []), ...(overlap ? [`overlap=${overlap}`] : [])].join(',');
}

/** Such as `assignment=sim-ota,overlap=ciou`; what is not said is absent. @throws HeadstartError `invalid-option` */
export function parseDenseOptions(text: string): Partial<DenseOptions> {
  const { assignment, overlap, ...unknown } = Object.fromEntries(
    text.split(',').map((entry) => entry.split('=', 2) as [string, string?]),
  ) as Record<string, string | undefined>;
  const fault =
    Object.keys(unknown)[0] !== undefined ? `"${Object.keys(unknown)[0]}" is neither assignment nor overlap`
    : assignment !== undefined && !Object.hasOwn(ASSIGNMENTS, assignment) ? `the assignment "${assignment}" is none of ${Object.keys(ASSIGNMENTS).join(', ')}`
    : overlap !== undefined && !Object.hasOwn(OVERLAPS, overlap) ? `the overlap "${overlap}" is none of ${Object.keys(OVERLAPS).join(', ')}`
    : undefined;
  if (fault === undefined) return { ...(assignment && { assignment }), ...(overlap && { overlap }) } as Partial<DenseOptions>;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The task "object-detection:${text}" cannot be had: ${fault}.`,
    hint: 'Give object-detection, or object-detection:assignment=adaptive,overlap=ciou.',
  });
}
