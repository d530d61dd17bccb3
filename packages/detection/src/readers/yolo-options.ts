import { HeadstartError } from '@headstart/core';

/** What the reader's options say of rows. */
export interface RowOptions {
  /** Class names by number, of the option `names=cup,dog`. */
  readonly names?: readonly string[];
  /** How many numbers of keypoints stand after each box, of the option `keypoints=17x3`; 0 for `keypoints=none`: long rows are outlines. */
  readonly keypoints?: number;
}

/** @throws HeadstartError `invalid-option` */
export function rowOptions(options: Readonly<Record<string, string>>): RowOptions {
  const names = namesOption(options);
  return { ...(names && { names }), ...keypointsIn(options['keypoints']) };
}

/** Class names by number, of the option `names=cup,dog`. @throws HeadstartError `invalid-option` */
export function namesOption(options: Readonly<Record<string, string>>): readonly string[] | undefined {
  const text = options['names'];
  if (text === undefined) return undefined;
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('') || new Set(names).size < names.length)
    throw invalid(`names=${text}`, 'Give every class a name of its own, in the order of their numbers: names=cup,dog.');
  return names;
}

function keypointsIn(text: string | undefined): Pick<RowOptions, 'keypoints'> {
  if (text === undefined) return {};
  if (text === 'none') return { keypoints: 0 };
  const [, points, numbers] = /^(\d{1,4})x([23])$/.exec(text) ?? [];
  if (points === undefined || Number(points) === 0)
    throw invalid(
      `keypoints=${text}`,
      'Give the number of keypoints and of their numbers, as in kpt_shape: keypoints=17x3; or keypoints=none for outlines.',
    );
  return { keypoints: Number(points) * Number(numbers) };
}

function invalid(option: string, hint: string): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `The reader option ${option} cannot be used.`,
    hint,
  });
}
