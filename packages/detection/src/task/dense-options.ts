import { HeadstartError } from '@headstart/core';
import { ASSIGNMENTS, type CellAssignment } from '../assignment/assignments.ts';
import { OVERLAPS, type BoxOverlap } from '../losses/box-overlaps.ts';

/** What there is to choose about the dense head's loss, by name. */
export interface DenseOptions {
  readonly assignment: keyof typeof ASSIGNMENTS;
  readonly overlap: keyof typeof OVERLAPS;
}

export const DENSE_DEFAULTS: DenseOptions = { assignment: 'adaptive', overlap: 'giou' };

/** What the names stand for. */
export function densePartsOf({ assignment, overlap }: DenseOptions): { readonly assignment: CellAssignment; readonly overlap: BoxOverlap } {
  return { assignment: ASSIGNMENTS[assignment], overlap: OVERLAPS[overlap] };
}

/** Such as `assignment=task-aligned,overlap=ciou`. @throws HeadstartError `invalid-option` */
export function parseDenseOptions(text: string): DenseOptions {
  const { assignment = DENSE_DEFAULTS.assignment, overlap = DENSE_DEFAULTS.overlap, ...unknown } = Object.fromEntries(
    text.split(',').map((entry) => entry.split('=', 2) as [string, string?]),
  ) as Record<string, string | undefined>;
  const fault =
    Object.keys(unknown)[0] !== undefined ? `"${Object.keys(unknown)[0]}" is neither assignment nor overlap`
    : !Object.hasOwn(ASSIGNMENTS, assignment) ? `the assignment "${assignment}" is none of ${Object.keys(ASSIGNMENTS).join(', ')}`
    : !Object.hasOwn(OVERLAPS, overlap) ? `the overlap "${overlap}" is none of ${Object.keys(OVERLAPS).join(', ')}`
    : undefined;
  if (fault === undefined) return { assignment, overlap } as DenseOptions;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The task "object-detection:${text}" cannot be had: ${fault}.`,
    hint: 'Give object-detection, or object-detection:assignment=task-aligned,overlap=ciou.',
  });
}
