import { HeadstartError } from '@headstart/core';

/** What options say of how rows are taken. */
export interface ReadingOptions {
  /** Whether a text has one label or may have several, whatever its cell looks like. */
  readonly labelsPerText?: 'one' | 'several';
  /** Whether a text such as `NaN` is one, or stands for none. */
  readonly missingTexts?: 'keep' | 'leave-out';
  /** Whether cells are taken apart into several labels. */
  readonly separated: boolean;
}

/** The reader options that are understood here and with the columns. */
export const READING_OPTIONS: readonly string[] = ['label-separator', 'labels-per-text', 'missing-texts'];

/** @throws HeadstartError `invalid-option` */
export function readingOptions(options: Readonly<Record<string, string>>): ReadingOptions {
  if (options['label-separator'] === '')
    throw invalid('label-separator', '', 'what stands between labels, such as label-separator=";"');
  return {
    labelsPerText: oneOf(options, 'labels-per-text', ['one', 'several']),
    missingTexts: oneOf(options, 'missing-texts', ['keep', 'leave-out']),
    separated: options['label-separator'] !== undefined,
  };
}

function oneOf<T extends string>(
  options: Readonly<Record<string, string>>,
  name: string,
  values: readonly T[],
): T | undefined {
  const given = options[name];
  const value = values.find((each) => each === given);
  if (given !== undefined && value === undefined) throw invalid(name, given, values.join(' or '));
  return value;
}

function invalid(option: string, value: string, wanted: string): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `The reader option ${option} cannot be "${value}".`,
    hint: `Give ${wanted}.`,
  });
}
