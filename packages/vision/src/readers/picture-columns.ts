import {
  columnError,
  findSplitColumn,
  indicatorColumns,
  labelCells,
  namedColumn,
  type DataWarning,
  type LabelColumn,
  type SplitColumn,
  type TableLook,
} from '@headstart/core/readers';
import type { HeadstartError } from '@headstart/core';
import { guessedLabels, namedLabel } from './label-columns.ts';

type Options = Readonly<Record<string, string>>;

/** Which column holds what, by index. */
export interface PictureColumns {
  readonly picture: number;
  readonly label: LabelColumn;
  readonly split?: SplitColumn;
  /** What looks wrong in the choice. */
  readonly warnings: readonly DataWarning[];
}

/** A table at a look. */
export interface LookedAt {
  readonly look: TableLook;
  /** Its first rows, those that can be read. */
  readonly rows: readonly (readonly unknown[])[];
  readonly file: string;
  readonly options: Options;
}

const CHOOSE = 'path-column, label-column and split-column';

/**
 * Finds the columns: by option, else by what their cells are and what they are called. Several columns are labels where
 * `label-column` names them, with commas between, or where all that is left is ones and zeros.
 * @throws HeadstartError `invalid-option` where that is not clear
 */
export function pictureColumns(request: LookedAt): PictureColumns {
  const { look, rows, file, options } = request;
  const { table } = look;
  const header = table.columns;
  const twice = header.find((name, index) => header.indexOf(name) !== index);
  if (twice !== undefined) throw refused(request, `has several columns called "${twice}"`);
  const picture = pictureColumn(request);
  const asked = askedLabels(request);
  const taken = [picture, ...(asked ?? [])];
  const names = splitNames(look, taken);
  const { column: split, warnings } = findSplitColumn({
    table: { ...table, columns: names },
    file,
    options,
    choose: CHOOSE,
    rows,
  });
  const free = [...header.keys()].filter((index) => ![...taken, ...(split?.indices ?? [])].includes(index));
  const named = asked ?? namedLabel(header, free, (what) => refused(request, what));
  const labels = named ?? guessedLabels(look, free, rows);
  if (labels.length === 0) throw refused(request, 'has no column of labels');
  return { picture, label: labelColumn(labels, request), split, warnings };
}

function pictureColumn(request: LookedAt): number {
  const { look, file, options } = request;
  const asked = options['path-column'];
  if (asked !== undefined) return place(request, 'path-column', asked);
  const named = look.columns.flatMap(({ role }, index) => (role === 'picture' ? [index] : []));
  const seen = look.columns.flatMap(({ kind }, index) => (kind === 'picture' ? [index] : []));
  const both = seen.filter((index) => named.includes(index));
  const found = [both, seen, named].find(({ length }) => length > 0) ?? [];
  if (found.length === 0) throw refused(request, 'has no column of paths');
  if (found.length > 1)
    throw columnError(
      `${file} has several columns that may hold the path: ${found.map((index) => look.columns[index]!.name).join(', ')}`,
      look.table,
      CHOOSE,
    );
  return found[0]!;
}

function askedLabels(request: LookedAt): number[] | undefined {
  const asked = request.options['label-column'];
  if (asked === undefined) return undefined;
  const header = request.look.table.columns;
  const parts = asked.split(',').map((name) => name.trim());
  const several = !header.includes(asked) && parts.some((part) => header.includes(part));
  return (several ? parts : [asked]).map((name) => place(request, 'label-column', name));
}

function place({ look: { table }, file }: LookedAt, option: string, name: string): number {
  return namedColumn({ table, file, option, options: { [option]: name }, names: [], choose: CHOOSE })!;
}

/** The names that may be those of splits; without a header, a column of nothing but splits beside two others is one. */
function splitNames({ table, columns }: TableLook, taken: readonly number[]): string[] {
  const unnamed = table.header === false && columns.length > 2;
  return table.columns.map((name, index) => {
    if (taken.includes(index)) return '';
    return unnamed && columns[index]!.kind === 'split' ? 'split' : name;
  });
}

function labelColumn(indices: readonly number[], { look: { table }, options }: LookedAt): LabelColumn {
  if (indices.length > 1) return indicatorColumns(indices, table.columns);
  const index = indices[0]!;
  const classNames = table.classNames?.[table.columns[index]!];
  return labelCells(index, { separator: options['label-separator'], classNames });
}

function refused({ look: { table }, file }: LookedAt, what: string): HeadstartError {
  return columnError(`${file} ${what}`, table, CHOOSE);
}
