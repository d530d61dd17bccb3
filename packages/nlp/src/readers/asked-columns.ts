import { columnError, namedColumn, WEIGHT_COLUMN, GROUP_COLUMN } from '@headstart/core/readers';
import { CHOOSE } from './free-columns.ts';
import type { TextTable } from './text-record.ts';

/** What options say of columns: where they are; null for `none`, that there is no such column. */
export interface AskedColumns {
  readonly text?: number;
  readonly pair?: number | null;
  /** Several, where labels are columns of ones and zeros. */
  readonly label?: readonly number[] | null;
  readonly score?: number | null;
  readonly weight?: number;
  readonly group?: number;
  /** All of them. */
  readonly taken: readonly number[];
}

type Options = Readonly<Record<string, string>>;

/**
 * The columns that options name; `label-column` may name several, with commas between them.
 * @throws HeadstartError `invalid-option` for a column that is not there, or one that is named for two things
 */
export function askedColumns(table: TextTable, file: string, options: Options): AskedColumns {
  const header = table.columns;
  const uses = new Map<string, string>();
  const place = (option: string, name: string): number => {
    const other = uses.get(name);
    if (other !== undefined)
      throw columnError(`${file}: the column "${name}" is asked for as ${other} and as ${option}`, table, CHOOSE);
    uses.set(name, option);
    return namedColumn({ table, file, option, options: { [option]: name }, names: [], choose: CHOOSE })!;
  };
  const places = (option: string): readonly number[] | null | undefined => {
    const given = options[option];
    if (given === undefined) return undefined;
    if (given === 'none' && !header.includes('none')) return null;
    return listed(option, given, header).map((name) => place(option, name));
  };
  const text = places('text-column');
  if (text === null) throw columnError(`${file}: text-column cannot be none`, table, CHOOSE);
  const pair = places('pair-column');
  const label = places('label-column');
  const score = places('score-column');
  const weight = places(WEIGHT_COLUMN) ?? undefined;
  const group = places(GROUP_COLUMN) ?? undefined;
  const taken = [text, pair, label, score, weight, group].flatMap((found) => found ?? []);
  places('split-column');
  return {
    text: text?.[0],
    pair: pair && pair[0],
    label,
    score: score && score[0],
    weight: weight?.[0],
    group: group?.[0],
    taken,
  };
}

function listed(option: string, given: string, header: readonly string[]): string[] {
  const parts = given.split(',').map((name) => name.trim());
  const several = option === 'label-column' && !header.includes(given) && parts.some((part) => header.includes(part));
  return several ? parts : [given];
}
