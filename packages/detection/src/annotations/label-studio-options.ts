import { HeadstartError } from '@headstart/core';
import type { BoxForm } from '../readers/box-form.ts';

/** Label Studio writes percents, which are read as fractions. */
export const LABEL_STUDIO_FORM: BoxForm = { layout: 'sizes', unit: 'fractions' };

/** Which of several annotations of a picture counts, unless one is marked as ground truth. */
export type WhichAnnotation = 'first' | 'last';

/** @throws HeadstartError `invalid-option` */
export function whichAnnotation(asked = 'last'): WhichAnnotation {
  if (asked === 'first' || asked === 'last') return asked;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The reader option annotation=${asked} is not known.`,
    hint: 'Give annotation=first or annotation=last: which of several annotations of a picture counts.',
  });
}
