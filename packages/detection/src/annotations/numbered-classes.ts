import type { DataWarning } from '@headstart/core/readers';
import { namesOption } from '../readers/yolo-options.ts';
import { annotationError } from './annotation-error.ts';

/** What a set's classes are called. */
export interface CalledClasses {
  /** In the order in which the file's own were given. */
  readonly names: readonly string[];
  readonly warnings: readonly DataWarning[];
}

/** So many numbers are named. */
const SHOWN = 10;

/**
 * Classes that are written as numbers by the names of the reader's option `names=cup,dog`, from 0 on; where it is not given
 * nobody could tell what a model finds, which is warned of.
 * @throws HeadstartError `invalid-option` where the classes have names, `label-invalid` for a number without one
 */
export function callClasses(
  root: string,
  written: readonly string[],
  options: Readonly<Record<string, string>>,
): CalledClasses {
  const names = namesOption(options);
  const numbered = written.length > 0 && written.every((name) => /^\d{1,15}$/.test(name));
  if (!names) return { names: written, warnings: numbered ? [withoutNames(written)] : [] };
  const other = written.find((name) => !/^\d{1,15}$/.test(name));
  if (other !== undefined)
    throw annotationError(
      root,
      `its classes have names already, such as "${other}"`,
      'Leave the reader option names out: it names classes that are numbers.',
      'invalid-option',
    );
  return {
    names: written.map((number) => {
      const name = names[Number(number)];
      if (name === undefined)
        throw annotationError(
          root,
          `the class ${number} has no name among the ${names.length} of the reader option names`,
          'Name the classes from 0 on, in the order of their numbers: names=cup,dog.',
          'label-invalid',
        );
      return name;
    }),
    warnings: [],
  };
}

function withoutNames(written: readonly string[]): DataWarning {
  const numbers = [...written].sort((a, b) => Number(a) - Number(b));
  return {
    code: 'classes-without-names',
    message: `The classes are numbers which nothing names: ${numbers.slice(0, SHOWN).join(', ')}${numbers.length > SHOWN ? ', …' : ''}.`,
    hint: 'Give their names from 0 on, in the order of the numbers: --reader-option names=cup,dog.',
    samples: [],
  };
}
