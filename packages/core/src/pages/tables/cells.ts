import { attributes, Html, type HtmlPart } from '../html.ts';

/** A cell that is sorted by another value than it shows. */
export interface ValuedCell {
  readonly content: HtmlPart;
  readonly value: number | string;
}

/** What a table's cell holds: a text, a number, HTML; nothing where undefined. */
export type TableCell = string | number | Html | ValuedCell | undefined;

/** A column of a table. */
export interface TableColumn {
  readonly title: string;
  /** Whether it holds numbers: they stand right, and sort by value. */
  readonly numeric?: boolean;
  /** Whether it holds sentences: it is never squeezed to the width of their longest word. */
  readonly sentences?: boolean;
  /** How its numbers are written; as JavaScript does where absent. */
  readonly format?: (value: number) => string;
}

/** What stands for a number that there is not. */
const NONE = '–';

/** A cell's content, and the value that it is sorted by where that is not its text. */
export function shownCell(cell: TableCell, { numeric, format = String }: TableColumn): readonly [HtmlPart, Html] {
  if (cell === undefined) return [numeric && NONE, valueOf(numeric ? '' : undefined)];
  if (typeof cell === 'string' || cell instanceof Html) return [cell, valueOf(undefined)];
  if (typeof cell === 'object') return [cell.content, valueOf(cell.value)];
  if (Number.isNaN(cell)) return [NONE, valueOf('')];
  const text = format(cell);
  return [text, valueOf(text === String(cell) ? undefined : cell)];
}

const valueOf = (value: number | string | undefined) => attributes({ 'data-value': value });

/** The class of a column's cells. */
export const classOf = ({ numeric, sentences }: TableColumn): Html =>
  attributes({ class: (numeric && 'n') || (sentences && 'sentences') });
