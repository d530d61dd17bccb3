import {
  columnError,
  findSplitColumn,
  GROUP_COLUMN,
  indicatorColumns,
  labelCells,
  namedColumn,
  WEIGHT_COLUMN,
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
  /** Who says that the label is one. */
  readonly labelChosen: 'asked' | 'named' | 'guessed';
  /** What rows count in the loss: by option only. */
  readonly weight?: number;
  /** What rows are parts of: by option only. */
  readonly group?: number;
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
  /** Whether labels and weights are of no interest, whatever they are. */
  readonly sealed?: boolean;
}

/** In place of labels where contents alone are wanted. */
const UNREAD: LabelColumn = { indices: [], role: 'label', labelsOf: () => ({ missing: 'labels are not read' }) };

const CHOOSE = 'path-column, label-column, weight-column, group-column and split-column';

/**
 * Finds the columns: by option, else by what their cells are and what they are called. Several columns are labels where
 * `label-column` names them, with commas between, or where all that is left is ones and zeros.
 * @throws HeadstartError `invalid-option` where that is not clear
 */
export function pictureColumns(request: LookedAt): PictureColumns {
  const { look, rows, file, options } = request;
  const { table } = look;
  const header = table.columns;
  const picture = pictureColumn(request);
  if (request.sealed) return { picture, label: UNREAD, labelChosen: 'guessed', warnings: [] };
  const asked = askedLabels(request);
  const weight = askedBeside(request, WEIGHT_COLUMN, [picture, ...(asked ?? [])]);
  const others = [picture, ...(asked ?? []), ...(weight === undefined ? [] : [weight])];
  const group = askedBeside(request, GROUP_COLUMN, others);
  const taken = [...others, ...(group === undefined ? [] : [group])];
  const names = header.map((name, index) => (taken.includes(index) ? '' : name));
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
  const twice = labels.find((index) => header.indexOf(header[index]!) !== header.lastIndexOf(header[index]!));
  if (twice !== undefined) throw refused(request, `has several columns called "${header[twice]}"`);
  const labelChosen = asked ? 'asked' : named ? 'named' : 'guessed';
  return { picture, label: labelColumn(labels, request), labelChosen, weight, group, split, warnings };
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

/** The column that an option names, which is none of the others'. */
function askedBeside(request: LookedAt, option: string, others: readonly number[]): number | undefined {
  const asking = request.options[option];
  if (asking === undefined) return undefined;
  const found = place(request, option, asking);
  if (others.includes(found))
    throw refused(request, `: the column "${asking}" is asked for as ${option} and for something else`);
  return found;
}

function place({ look: { table }, file }: LookedAt, option: string, name: string): number {
  return namedColumn({ table, file, option, options: { [option]: name }, names: [], choose: CHOOSE })!;
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
