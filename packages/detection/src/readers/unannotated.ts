import { HeadstartError } from '@headstart/core';
import type { DataWarning } from '@headstart/core/readers';

/**
 * Whether pictures of which the annotations say nothing are left out: the reader option `unannotated`, `keep` (as
 * pictures without objects) or `leave-out`.
 * @throws HeadstartError `invalid-option`
 */
export function leavesOutUnannotated(options: Readonly<Record<string, string>>): boolean {
  const value = options['unannotated'] ?? 'keep';
  if (value === 'keep' || value === 'leave-out') return value === 'leave-out';
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The reader option unannotated=${value} cannot be used.`,
    hint: 'Give unannotated=keep to take such pictures for pictures without objects, or unannotated=leave-out.',
  });
}

/** That pictures are taken for negatives which nobody may have looked at. */
export function unannotatedWarning(code: string, message: string, samples: readonly string[]): DataWarning {
  return {
    code,
    message,
    hint: 'They count as pictures without objects. If nobody has looked for objects in them, leave them out with --reader-option unannotated=leave-out.',
    samples: samples.slice(0, 10),
  };
}
