import { Computed } from '../computed.ts';
import { LARGEST_WIDTH } from '../table-errors.ts';
import { cellName, placeOf } from './cell-names.ts';
import { mergedDown, type MergedCells } from './merged-cells.ts';
import { readXml } from './read-xml.ts';
import { isTrue, LARGEST_SHEET, unescaped, unreadable, type Sheet, type Workbook } from './workbook.ts';

/** As many rows as a sheet has in Excel. */
const MOST_ROWS = 2 ** 20;
/** A cell has at most 32,767 characters in Excel. */
const LONGEST_CELL = 2 ** 20;

/** A row of a sheet: texts, numbers, truth values, dates as ISO 8601, and computed cells. */
export interface SheetRow {
  /** Its number, from 1. */
  readonly line: number;
  readonly cells: readonly unknown[];
  /** Whether it is not shown: by hand, or by a filter. */
  readonly hidden: boolean;
}

/**
 * The rows of a sheet one by one, those that have cells; cells that are merged downwards all hold what the first does.
 * @throws HeadstartError `target-unreadable`
 */
export async function* sheetRows(workbook: Workbook, sheet: Sheet, merged: MergedCells): AsyncGenerator<SheetRow> {
  const ready: SheetRow[] = [];
  const fill = mergedDown(merged);
  let line = 0;
  let cells: unknown[] = [];
  let hidden = false;
  let cell: RawCell | undefined;
  let reading: 'value' | 'text' | undefined;
  let phonetic = false;
  const wrong = (why: string) => unreadable(workbook.path, sheet, why);
  const chunks = workbook.parts.chunks(sheet.part, LARGEST_SHEET);
  const listener = {
    open(tag: string, attributes: Readonly<Record<string, string>>) {
      if (tag === 'row') {
        line = attributes['r'] === undefined ? line + 1 : Number(attributes['r']);
        if (!(line >= 1 && line <= MOST_ROWS)) throw wrong(`it has a row ${line}`);
        cells = [];
        hidden = isTrue(attributes['hidden']);
      } else if (tag === 'c') {
        const column = attributes['r'] === undefined ? cells.length : (placeOf(attributes['r'])?.column ?? NaN);
        if (!(column < LARGEST_WIDTH)) throw wrong(`it has a cell "${attributes['r'] ?? column}"`);
        cell = { column, type: attributes['t'] ?? 'n', style: Number(attributes['s'] ?? 0), value: '', text: '' };
      } else if (cell) {
        if (tag === 'f') cell.computed = true;
        if (tag === 'rPh') phonetic = true;
        reading = tag === 'v' ? 'value' : tag === 't' && !phonetic ? 'text' : undefined;
      }
    },
    text(piece: string) {
      if (!cell || !reading) return;
      cell[reading] += piece;
      if (cell[reading].length > LONGEST_CELL)
        throw wrong(`a cell in row ${line} has more than ${LONGEST_CELL} characters`);
    },
    close(tag: string) {
      reading = undefined;
      if (tag === 'rPh') phonetic = false;
      if (tag === 'c' && cell) {
        const value = valueOf(cell, workbook);
        cells[cell.column] = cell.computed ? new Computed(value, cellName(cell.column, line - 1)) : value;
        cell = undefined;
      } else if (tag === 'row') ready.push({ line, cells: fill(line - 1, cells), hidden });
    },
  };
  for await (const _ of readXml(workbook.path, chunks, listener)) {
    void _;
    yield* ready;
    ready.length = 0;
  }
}

interface RawCell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  computed?: boolean;
  value: string;
  text: string;
}

function valueOf({ type, style, value, text }: RawCell, { texts, dateStyles, from1904 }: Workbook): unknown {
  if (type === 'inlineStr') return unescaped(text);
  if (value === '') return undefined;
  if (type === 's') return texts[Number(value)];
  if (type === 'str') return unescaped(value);
  if (type === 'b') return isTrue(value);
  if (type === 'e' || type === 'd') return value;
  const number = Number(value);
  return dateStyles[style] === true ? isoDate(number, from1904) : number;
}

const DAY = 86_400_000;
/** Day 0 of either count; Excel's counts a 29 February 1900 that there never was, so that days before March 1900 are one off. */
const START = { 1900: Date.UTC(1899, 11, 30), 1904: Date.UTC(1904, 0, 1) };

/** A date, with its time of day where it has one, as ISO 8601; below a day, the time alone. */
function isoDate(days: number, from1904: boolean): string | number {
  const date = new Date((from1904 ? START[1904] : START[1900]) + Math.round((days * DAY) / 1000) * 1000);
  if (Number.isNaN(date.getTime())) return days;
  const [day, time] = date.toISOString().slice(0, 19).split('T') as [string, string];
  if (days >= 0 && days < 1) return time;
  return Number.isInteger(days) ? day : `${day}T${time}`;
}
