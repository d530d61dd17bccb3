import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { cellText } from './cell-text.ts';
import { columnKind, isFourNumbers, type ColumnKind } from './column-kinds.ts';
import type { DataTable } from './data-table.ts';
import { firstRecords } from './first-records.ts';
import { isAddress } from './picture-names.ts';
import { openTable } from './open-table.ts';
import { pictureStems, stemOf } from './picture-stems.ts';
import { boxPart, usualRole, type ColumnRole } from './usual-names.ts';

/** Rows that are looked at. */
const LOOK = 1000;
/** Values without a picture's ending that are looked for among the files beside the table. */
const IDS = 50;

/** A column at a look. */
export interface ColumnLook {
  readonly name: string;
  readonly kind: ColumnKind;
  /** What a column of that name commonly is for; which column is read is the reader's to say. */
  readonly role?: ColumnRole;
}

/** What a table is about, by a look at its first rows. */
export interface TableLook {
  readonly table: DataTable;
  readonly about: 'texts' | 'pictures' | 'boxes' | 'unknown';
  readonly columns: readonly ColumnLook[];
}

/**
 * Opens a table and looks at its first rows: of pictures where a column names them (by their endings, as addresses, or
 * without endings as the files beside the table are called), of boxes where columns have names of their sides or hold
 * four numbers, of texts where a column has texts. All readers ask this one look, so that they never disagree.
 * @throws HeadstartError as `openTable`
 */
export async function lookAtTable(path: string, options: Readonly<Record<string, string>> = {}): Promise<TableLook> {
  const key = await keyOf(path, options);
  const known = looks.get(key);
  if (known) return known;
  const look = freshLook(path, options);
  looks.set(key, look);
  look.catch(() => looks.delete(key));
  if (looks.size > KEPT) looks.delete(looks.keys().next().value!);
  return look;
}

/** Looks that are kept, since several readers ask for the same. */
const KEPT = 8;
const looks = new Map<string, Promise<TableLook>>();

async function keyOf(path: string, options: Readonly<Record<string, string>>): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return JSON.stringify([resolve(path), found?.mtimeMs, found?.size, Object.entries(options).sort()]);
}

async function freshLook(path: string, options: Readonly<Record<string, string>>): Promise<TableLook> {
  const table = await openTable(path, options);
  const rows = (await firstRecords(table, LOOK)).flatMap(({ values, fault }) => (fault === undefined ? [values] : []));
  const cells = table.columns.map((_, column) => rows.map((row) => row[column]));
  const kinds = cells.map(columnKind);
  const stems = await stemsFor(path, cells, kinds);
  const columns = table.columns.map((name, column): ColumnLook => {
    const kind = stems && areStems(cells[column]!, kinds[column]!, stems) ? 'picture' : kinds[column]!;
    const role = usualRole(name);
    return { name, kind, ...(role && { role }) };
  });
  return { table, about: subject(columns, cells), columns };
}

function subject(columns: readonly ColumnLook[], cells: readonly (readonly unknown[])[]): TableLook['about'] {
  const pictures = columns.some(({ kind }) => kind === 'picture');
  const texts = columns.some(({ kind, role }) => kind === 'text' || (role === 'text' && kind !== 'number'));
  const named = columns.some(({ role }) => role === 'picture');
  if (hasBoxes(columns, cells) && (pictures || named || !texts)) return 'boxes';
  const addressed = (column: number) => columns[column]!.kind !== 'picture' || cells[column]!.every(isAddressOrNone);
  if (pictures && !named && columns.some(({ kind, role }) => kind === 'text' && role === 'text'))
    return columns.every((_, column) => addressed(column)) ? 'texts' : 'pictures';
  if (pictures) return 'pictures';
  if (texts) return 'texts';
  return named && columns.some(({ kind, role }) => role === 'picture' && (kind === 'id' || kind === 'url'))
    ? 'pictures'
    : 'unknown';
}

function isAddressOrNone(cell: unknown): boolean {
  const text = cellText(cell);
  return text === '' || isAddress(text);
}

function hasBoxes(columns: readonly ColumnLook[], cells: readonly (readonly unknown[])[]): boolean {
  const parts = new Set(
    columns.flatMap(({ name, kind }) => {
      const part = boxPart(name);
      return part !== undefined && (part === 'whole' ? kind === 'list' || kind === 'object' : kind === 'number')
        ? [part]
        : [];
    }),
  );
  const has = (...wanted: readonly Parameters<typeof parts.has>[0][]) => wanted.every((part) => parts.has(part));
  if (parts.has('whole') || has('left', 'top', 'right', 'bottom')) return true;
  if (has('width', 'height') && (has('x', 'y') || has('left', 'top'))) return true;
  if (columns.some(({ kind }, column) => kind === 'list' && cells[column]!.every(isFourNumbers))) return true;
  return isUnnamedBoxes(columns);
}

/** Without names: a picture, a class, and four numbers in a row between or behind them. */
function isUnnamedBoxes(columns: readonly ColumnLook[]): boolean {
  if (!columns.every(({ name }, column) => name === String(column + 1))) return false;
  const kinds = columns.map(({ kind }) => (kind === 'number' ? 'n' : kind === 'picture' ? 'p' : '.')).join('');
  return kinds.includes('p') && kinds.includes('nnnn');
}

/** The files beside a table, where a column could name them without their endings. */
async function stemsFor(
  path: string,
  cells: readonly (readonly unknown[])[],
  kinds: readonly ColumnKind[],
): Promise<ReadonlySet<string> | undefined> {
  if (kinds.includes('picture') || !kinds.some((kind, column) => couldBeStems(cells[column]!, kind))) return undefined;
  const stems = await pictureStems(dirname(resolve(path)));
  return stems.size > 0 ? stems : undefined;
}

function couldBeStems(cells: readonly unknown[], kind: ColumnKind): boolean {
  if (kind === 'picture' || kind === 'empty' || kind === 'list' || kind === 'object') return false;
  const first = cells.slice(0, IDS);
  return new Set(first).size > first.length / 4;
}

function areStems(cells: readonly unknown[], kind: ColumnKind, stems: ReadonlySet<string>): boolean {
  if (!couldBeStems(cells, kind)) return false;
  const first = cells.slice(0, IDS).filter((cell) => cell !== undefined && cell !== '');
  return first.length > 0 && first.filter((cell) => stems.has(stemOf(cellText(cell)))).length >= 0.8 * first.length;
}
