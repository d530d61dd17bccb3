import { missingNames } from '../domains/label-names.ts';
import { cellText } from './cell-text.ts';

/** The reader option that names the column of what samples are parts of; `--group-column` is short for it. */
export const GROUP_COLUMN = 'group-column';

/** The group that a cell names; undefined where it is empty or has a word for nothing, such as NaN: the row is then one by itself. */
export function groupInCell(cell: unknown): string | undefined {
  const group = cellText(cell);
  return group === '' || missingNames([group])[0] ? undefined : group;
}
