import { HeadstartError } from '@headstart/core';
import { GROUP_COLUMN, SPLIT_OPTIONS, TABLE_OPTION_NAMES, WEIGHT_COLUMN } from '@headstart/core/readers';
import { unknownName } from '@headstart/artifacts/errors';

type Options = Readonly<Record<string, string>>;

const OWN = [
  'path-column',
  'label-column',
  WEIGHT_COLUMN,
  GROUP_COLUMN,
  'label-separator',
  'labels-per-picture',
  'root',
  'ending',
];
const OPTIONS = [...OWN, ...SPLIT_OPTIONS, ...TABLE_OPTION_NAMES];

/** How labels of pictures in tables are meant, where that is said. */
export interface LabelOptions {
  /** What stands between several labels in a cell. */
  readonly separator?: string;
  /** Whether a picture has one label or may have several, whatever its cell looks like. */
  readonly perPicture?: 'one' | 'several';
}

/** @throws HeadstartError `unknown-name`, `invalid-option` */
export function labelOptions(options: Options): LabelOptions {
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw unknownName('option of the reader image-csv', unknown, OPTIONS);
  const separator = options['label-separator'];
  if (separator === '') throw invalid('label-separator', '', 'what stands between labels, such as label-separator=" "');
  const perPicture = options['labels-per-picture'];
  if (perPicture !== undefined && perPicture !== 'one' && perPicture !== 'several')
    throw invalid('labels-per-picture', perPicture, 'one or several');
  return { separator, perPicture };
}

function invalid(option: string, value: string, wanted: string): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `The reader option ${option} cannot be "${value}".`,
    hint: `Give ${wanted}.`,
  });
}
