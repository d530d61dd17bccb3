import type { DataWarning } from '../domains/reading-notes.ts';
import { boxWarnings } from './box-warnings.ts';
import { groupWarnings } from './group-warnings.ts';
import { countWarnings, nameWarnings } from './label-warnings.ts';
import type { LookedAt, WarningFinder } from './looked-at.ts';
import { splitWarnings } from './split-warnings.ts';

/** What looks at samples without their contents, in the order of the report. */
const finders: readonly WarningFinder[] = [nameWarnings, countWarnings, splitWarnings, groupWarnings, boxWarnings];

/** What looks wrong as far as can be seen without decoding pictures. */
export function findWarnings(looked: LookedAt): DataWarning[] {
  return finders.flatMap((find) => find(looked));
}
