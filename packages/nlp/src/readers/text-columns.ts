import {
  findSplitColumn,
  firstRecords,
  indicatorColumns,
  labelCells,
  GROUP_COLUMN,
  WEIGHT_COLUMN,
  type DataWarning,
  type LabelColumn,
  type SplitColumn,
} from '@headstart/core/readers';
import { askedColumns } from './asked-columns.ts';
import { arePartners } from './column-names.ts';
import { longest, withoutTimes, withSentences, withTexts } from './column-contents.ts';
import { CHOOSE, FreeColumns } from './free-columns.ts';
import { guessedLabel, namedLabel } from './label-choice.ts';
import type { TextTable } from './text-record.ts';

/** Which column holds what, by index. */
export interface TextColumns {
  readonly text: number;
  readonly pair?: number;
  readonly label?: LabelColumn;
  /** Who says that the label is one. */
  readonly labelChosen: 'asked' | 'named' | 'guessed';
  readonly score?: number;
  /** What rows count in the loss: by option only. */
  readonly weight?: number;
  /** What rows are parts of: by option only. */
  readonly group?: number;
  readonly split?: SplitColumn;
  /** Columns that are labels or scores by their names, of which nothing is read because contents alone are wanted. */
  readonly aside?: readonly number[];
  /** What looks wrong in the choice. */
  readonly warnings: readonly DataWarning[];
}

export interface ColumnRequest {
  readonly table: TextTable;
  readonly file: string;
  readonly options: Readonly<Record<string, string>>;
  /** Whether pairs with scores are what is learned from: labels are then read only where they are asked for. */
  readonly scored: boolean;
  /** Whether texts alone will do, where no column is the labels' for sure. */
  readonly withoutLabels?: boolean;
  /** Whether labels, scores and weights are of no interest, whatever they are. */
  readonly sealed?: boolean;
}

const KNOWN_OF_TEXTS: readonly string[] = ['label-column', 'score-column', WEIGHT_COLUMN, GROUP_COLUMN];

/** Rows that are looked at to tell texts from labels. */
const LOOK = 200;

/**
 * Finds the columns: by option (`none` for no such column), by what the layout says, by name. A column of texts without
 * a usual name is the one whose cells are at least twice as long as any other's on average; for labels without one see
 * `guessedLabel`. Second texts are read where their name goes with the text's, scores where pairs have no label. No
 * column is taken for two things.
 * @throws HeadstartError `invalid-option` where that is not clear
 */
export async function textColumns({
  table,
  file,
  options,
  scored,
  withoutLabels = false,
  sealed = false,
}: ColumnRequest): Promise<TextColumns> {
  const header = table.columns;
  const first = await firstRecords(table, LOOK);
  const rows = first.flatMap(({ values, fault, leftOut }) => (fault === undefined && !leftOut ? [values] : []));
  const asked = askedColumns(table, file, sealed ? ofContents(options) : options);
  const unasked = { ...table, columns: header.map((name, index) => (asked.taken.includes(index) ? '' : name)) };
  const { column: split, warnings } = findSplitColumn({ table: unasked, file, options, choose: CHOOSE, rows });
  const free = new FreeColumns(table, file, rows, first.length === LOOK, [...asked.taken, ...(split?.indices ?? [])]);

  const aside = sealed ? [...free.named('label'), ...free.named('score'), ...free.called(table.labels ?? [])] : [];
  free.take(...aside);
  const named =
    asked.text ??
    free.takeOnly('text', free.called(table.text === undefined ? [] : [table.text])) ??
    free.takeOnly('text', withTexts(free.named('text'), rows));
  const pair = asked.pair === undefined ? pairNamed(free, named, scored) : (asked.pair ?? undefined);
  const known = sealed ? null : asked.label === undefined ? labelKnown(free, scored) : asked.label;
  const scores = asked.score === undefined && pair !== undefined && (scored || !known) ? free.named('score') : [];
  const score = asked.score ?? free.takeOnly('score', scores);
  const text = named ?? longest(withTexts(withoutTimes(free.all, rows), rows), rows);
  if (text === undefined) throw noText(free);
  free.take(text);
  const labels =
    known === undefined && score === undefined ? guessedLabel(free, pair !== undefined || withoutLabels) : known;
  const twice = labels?.find((index) => header.indexOf(header[index]!) !== header.lastIndexOf(header[index]!));
  if (twice !== undefined) throw free.error(`has several columns called "${header[twice]}"`);
  const label = labels ? labelColumn(labels, table, options) : undefined;
  const labelChosen = asked.label !== undefined ? 'asked' : known !== undefined ? 'named' : 'guessed';
  return { text, pair, label, labelChosen, score, weight: asked.weight, group: asked.group, split, aside, warnings };
}

/** Options without those that name what is known of texts: they speak of the labelled table, and this one may lack such columns. */
function ofContents(options: ColumnRequest['options']): ColumnRequest['options'] {
  const named = Object.entries(options).filter(([name]) => !KNOWN_OF_TEXTS.includes(name));
  return Object.fromEntries(named);
}

/** What is missing where no column is the texts' for sure. */
function noText(free: FreeColumns) {
  const several = withSentences(free.all, free.rows);
  return several.length > 1
    ? free.error(`has several columns that may hold the text: ${free.names(several)}`)
    : free.error('has no column of texts');
}

function pairNamed(free: FreeColumns, text: number | undefined, scored: boolean): number | undefined {
  const nameOf = (index: number) => free.table.columns[index]!;
  const found = withTexts(free.named('pair'), free.rows);
  const fitting = text === undefined ? [] : found.filter((index) => arePartners(nameOf(text), nameOf(index)));
  return free.takeOnly('pair', scored ? found : fitting);
}

/** The column of labels that the layout or a name tells; null where labels are of no interest. */
function labelKnown(free: FreeColumns, scored: boolean): readonly number[] | null | undefined {
  const told = free.takeOnly('label', free.called(free.table.labels ?? []));
  return told !== undefined ? [told] : scored ? null : namedLabel(free);
}

function labelColumn(indices: readonly number[], table: TextTable, options: ColumnRequest['options']): LabelColumn {
  if (indices.length > 1) return indicatorColumns(indices, table.columns);
  const name = table.columns[indices[0]!]!;
  return labelCells(indices[0]!, { separator: options['label-separator'], classNames: table.classNames?.[name] });
}
