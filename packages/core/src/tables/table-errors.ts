import { HeadstartError } from '@headstart/artifacts/errors';

/** As many columns as Excel has; a table of more is one number per column, not one meaning. */
export const LARGEST_WIDTH = 16_384;

export function tooManyColumns(path: string, width: number): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} has ${width.toLocaleString('en')} columns, more than the limit of ${LARGEST_WIDTH.toLocaleString('en')}.`,
    hint: 'Give a table with a row for each sample, and only the columns that are needed. Where cells are told apart wrongly, say how with the option delimiter.',
  });
}

export function optionError(option: string, value: string, wanted: string): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `The reader option ${option} cannot be "${value}".`,
    hint: `Give ${wanted}.`,
  });
}
