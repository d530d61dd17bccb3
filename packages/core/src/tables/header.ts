import { cellText } from './cell-text.ts';
import { namesPicture } from './picture-names.ts';
import { boxPart, isUsualName } from './usual-names.ts';

type Row = readonly unknown[];

/** A cell longer than this is not a column's name. */
const LONGEST_NAME = 64;
/** Names have fewer words than this, sentences have more. */
const SENTENCE = 4;

/**
 * Whether the first of a table's rows names its columns. It does where a cell is a usual name that does not come back
 * below in its column (a label does, a name does not), or where a column holds numbers below a word. It does not where
 * a cell names a picture, is empty (but for a column of row numbers), long, a number or comes back below; long cells, such
 * as a survey's questions, do where a column has few values that come back below a word that is none of them, or times.
 */
export function namesColumns(rows: readonly Row[]): boolean {
  const first = rows[0]!.map(cellText);
  const below = rows.slice(1).filter((row) => !repeatsNames(row, rows[0]!));
  if (first.some(namesPicture)) return false;
  const recurs = first.map((cell, column) => cell !== '' && below.some((row) => cellText(row[column]) === cell));
  const usual = first.filter((cell, column) => !recurs[column] && isUsualName(cell)).length;
  const sides = first.filter((cell) => boxPart(cell) !== undefined).length;
  if (usual > 1 || sides > 3) return true;
  if (usual === 1 && !first.some((cell, column) => isSentence(cell) && sentencesBelow(below, column))) return true;
  if (first.some((cell, column) => recurs[column] || isNumber(cell))) return false;
  if (first.some((cell, column) => isWord(cell) && numbersBelow(below, column))) return true;
  if (first.some((cell, column) => cell !== '' && isOverAnswers(cell, below, column))) return true;
  return first.every((cell, column) => {
    if (cell === '') return numbersBelow(below, column);
    return cell.length <= LONGEST_NAME && !(isSentence(cell) && sentencesBelow(below, column));
  });
}

/** Whether a row is the first once more, as where tables with their names were put one after another. */
export function repeatsNames(row: Row, names: Row): boolean {
  if (row === names || cellText(row[0]) !== cellText(names[0]) || row.length !== names.length) return false;
  const cells = names.map(cellText);
  return cells.some(isUsualName) && cells.every((cell, column) => cell === cellText(row[column]));
}

/** Rows from which values that come back are answers. */
const ANSWERS = 10;
/** Answers that people choose from are no more than this, times and a share of all rows. */
const CHOICES = 12;
const TIME = /^\d{1,4}([./-])\d{1,2}\1\d{1,4}[T ]+\d{1,2}:\d\d/;

/** Whether all cells of a column but the first are a time, or one of a few answers that come back. */
function isOverAnswers(cell: string, rows: readonly Row[], column: number): boolean {
  const cells = rows.map((row) => cellText(row[column])).filter((each) => each !== '');
  if (cells.length < ANSWERS) return false;
  if (!TIME.test(cell) && cells.every((each) => TIME.test(each))) return true;
  const counts = new Map<string, number>();
  for (const each of cells) counts.set(each, (counts.get(each) ?? 0) + 1);
  return counts.size <= Math.min(CHOICES, cells.length / 4) && [...counts.values()].every((count) => count > 1);
}

/** One number, or several with blanks between them. */
function isNumber(cell: string): boolean {
  return (
    cell !== '' &&
    cell.split(/\s+/).every((word) => Number.isFinite(Number(word.replace(/^([+-]?\d+),(\d+)$/, '$1.$2'))))
  );
}

function isWord(cell: string): boolean {
  return cell !== '' && cell.length <= LONGEST_NAME && !isNumber(cell);
}

function isSentence(cell: string): boolean {
  return cell.split(/\s+/).length >= SENTENCE;
}

/** Whether all cells of a column that are not empty are numbers, and there are some. */
function numbersBelow(rows: readonly Row[], column: number): boolean {
  const cells = rows.map((row) => cellText(row[column])).filter((cell) => cell !== '');
  return cells.length > 0 && cells.every(isNumber);
}

function sentencesBelow(rows: readonly Row[], column: number): boolean {
  return rows.filter((row) => isSentence(cellText(row[column]))).length > rows.length / 2;
}
