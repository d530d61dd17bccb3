import type { DataWarning } from '../domains/reading-notes.ts';
import type { SplitName } from '../domains/target-domain.ts';
import { splitNamed } from '../folders/split-names.ts';
import { cellText } from './cell-text.ts';
import { columnError, namedColumn, type TableHead } from './columns.ts';
import { plainName, usualRole } from './usual-names.ts';

/** The reader options that `findSplitColumn` understands. */
export const SPLIT_OPTIONS: readonly string[] = ['split-column', 'test-values', 'validation-values'];

/** A table whose column of splits is wanted. */
export interface SplitColumnRequest {
  readonly table: TableHead;
  readonly file: string;
  readonly options: Readonly<Record<string, string>>;
  /** The options that choose columns, as hints list them. */
  readonly choose: string;
  /** The first rows: most names of such columns may mean something else, and their cells decide. */
  readonly rows: readonly (readonly unknown[])[];
}

/** The columns that say which split a row is of: one, or flags such as `is_valid` and `is_test` together. */
export interface SplitColumn {
  readonly indices: readonly number[];
  /**
   * The split of a row, absent where its cells are empty.
   * @returns `fault`, the end of a sentence, where they hold something else than splits
   */
  splitOf(values: readonly unknown[]): { readonly split?: SplitName; readonly fault?: string };
}

/** The column of splits, where there is one. */
export interface FoundSplitColumn {
  readonly column?: SplitColumn;
  /** A column that looks like one of splits and is not used: code `split-values`. */
  readonly warnings: readonly DataWarning[];
}

/** Names of columns of splits and of nothing else. */
const CERTAIN = ['split', 'subset'];
/** Names of columns of splits where a cell names one; these and the next without spaces, hyphens and underscores. */
const LIKELY =
  /^(?:data|my|cv|k)?(?:split|subset|set|dataset|partition|usage|mluse|phase|fold|tvt|traintest|trainvaltest|traintestsplit)s?(?:name|type|id|no|nr|number|index|idx|col|column|label)?$/;
/** Those of them that divide data, whatever the cells hold. */
const DIVIDING = /partition|usage|mluse|traintest|trainvaltest|fold|split/;
/** What a row is where a flag is set, and where it is not. */
const FLAGS: Readonly<Record<string, readonly [set: SplitName, unset: SplitName]>> = {
  isvalid: ['validation', 'train'],
  isvalidation: ['validation', 'train'],
  isval: ['validation', 'train'],
  istest: ['test', 'train'],
  istrain: ['train', 'test'],
  istraining: ['train', 'test'],
};
const TRUE = ['true', 't', 'yes', '1', '1.0'];
const FALSE = ['false', 'f', 'no', '0', '0.0'];
/** What stands for no split, beside an empty cell (Vertex AI). */
const UNASSIGNED = 'unassigned';

/**
 * Finds the column of splits: by the option `split-column` (`none` for none of them), by names that mean nothing else
 * (`split`, `subset`), by further names (`set`, `dataset`, `usage`, …) where a cell names a split, by flags (`is_valid`), or
 * as the only one of whatever name whose cells are all words for splits.
 * The options `test-values` and `validation-values` say which cells, separated by commas, mean these splits: all other
 * cells that name none are then of the train split.
 * @throws HeadstartError `invalid-option`
 */
export function findSplitColumn(request: SplitColumnRequest): FoundSplitColumn {
  const { table, file, options, choose, rows } = request;
  const header = table.columns;
  const given = givenValues(options);
  if (options['split-column'] === 'none' && !header.includes('none')) {
    if (given) throw unusedValues(request);
    return { warnings: [] };
  }
  const named = namedColumn({ table, file, option: 'split-column', options, names: CERTAIN, choose });
  if (named !== undefined) return { column: wordColumn(named, given), warnings: [] };
  const likely = columnsCalled(header, (name) => LIKELY.test(name));
  const telling = likely.filter((index) => given || rows.some((row) => splitNamed(cellText(row[index])) !== undefined));
  if (telling.length > 1)
    throw columnError(
      `${file} has several columns that may hold the split: ${namesOf(telling, header)}`,
      table,
      choose,
    );
  if (telling.length === 1) return { column: wordColumn(telling[0]!, given), warnings: [] };
  const flags = columnsCalled(header, (name) => Object.hasOwn(FLAGS, name));
  if (given) throw unusedValues(request);
  if (flags.length > 0) return { column: flagColumns(flags, header), warnings: [] };
  const worded =
    likely.length === 0 ? header.flatMap((name, index) => (isWorded(name, index, rows) ? [index] : [])) : [];
  if (worded.length === 1) return { column: wordColumn(worded[0]!, given), warnings: [] };
  const dividing = likely.filter((index) => DIVIDING.test(plainName(header[index]!)));
  return {
    warnings: dividing.map((index) =>
      unusedColumn(
        header[index]!,
        rows.map((row) => cellText(row[index])),
      ),
    ),
  };
}

/** Whether a column of any name but a label's holds nothing but words for splits, of which one is to train on. */
function isWorded(name: string, index: number, rows: SplitColumnRequest['rows']): boolean {
  if (name === '' || usualRole(name) !== undefined) return false;
  const cells = rows.map((row) => cellText(row[index])).filter((cell) => cell !== '');
  const splits = new Set(cells.map(splitNamed));
  return splits.size > 1 && splits.has('train') && !splits.has(undefined);
}

/** Which cells mean what, where options say so. */
type GivenValues = ReadonlyMap<string, SplitName>;

function givenValues(options: Readonly<Record<string, string>>): GivenValues | undefined {
  const listed = (['test', 'validation'] as const).flatMap((split) =>
    (options[`${split}-values`]?.split(',') ?? []).map((value) => [value.trim(), split] as const),
  );
  return listed.length > 0 ? new Map(listed) : undefined;
}

function wordColumn(index: number, given: GivenValues | undefined): SplitColumn {
  return {
    indices: [index],
    splitOf(values) {
      const cell = cellText(values[index]);
      if (cell === '') return {};
      if (given) return { split: given.get(cell) ?? splitNamed(cell) ?? 'train' };
      const split = splitNamed(cell);
      if (split || cell.toLowerCase() === UNASSIGNED) return { split };
      return { fault: `the split "${cell}" is not one of train, validation (or val), test` };
    },
  };
}

function flagColumns(indices: readonly number[], header: readonly string[]): SplitColumn {
  return {
    indices,
    splitOf(values) {
      const set = new Set<SplitName>();
      const unset = new Set<SplitName>();
      for (const index of indices) {
        const cell = cellText(values[index]).toLowerCase();
        if (cell === '') continue;
        const flag = FLAGS[plainName(header[index]!)]!;
        if (TRUE.includes(cell)) set.add(flag[0]);
        else if (FALSE.includes(cell)) unset.add(flag[1]);
        else return { fault: `"${cell}" in the column "${header[index]}" is neither true nor false` };
      }
      // A flag that is not set says something only where none is.
      const meant = set.size > 0 ? set : unset;
      if (meant.size > 1) return { fault: `the columns ${namesOf(indices, header)} do not agree on a split` };
      return { split: [...meant][0] };
    },
  };
}

function unusedColumn(name: string, cells: readonly string[]): DataWarning {
  const values = [...new Set(cells.filter((cell) => cell !== ''))];
  const shown = `${values.slice(0, 5).join(', ')}${values.length > 5 ? ', …' : ''}`;
  return {
    code: 'split-values',
    message: `The column "${name}" holds ${shown || 'nothing'}, which names no splits: it is not used.`,
    hint: `Say what is held out, such as --reader-option split-column=${name} --reader-option test-values=${values.at(-1) ?? '…'} (and validation-values=…), or that it means no splits: --reader-option split-column=none.`,
    samples: [],
  };
}

function unusedValues({ table, file, choose }: SplitColumnRequest) {
  return columnError(`${file} has no column for test-values and validation-values to apply to`, table, choose);
}

function columnsCalled(header: readonly string[], fits: (name: string) => boolean): number[] {
  return header.flatMap((name, index) => (fits(plainName(name)) ? [index] : []));
}

const namesOf = (indices: readonly number[], header: readonly string[]) =>
  indices.map((index) => header[index]).join(', ');
