import { namesPicture } from '@headstart/core/readers';

type Rows = readonly (readonly unknown[])[];

/** A day or a time of day, however it is written. */
const TIME = /\d{1,2}:\d\d|\d{4}-\d\d?-\d\d?|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b/;
const LONGEST_TIME = 40;

/** Ratings are few numbers: past so many different ones they are measurements. */
const MOST_RATINGS = 11;

/** A column of which so many cells name pictures is none of texts. */
const PICTURES = 0.8;

/** Those of some columns that hold a text somewhere, and not names of pictures throughout. */
export function withTexts(columns: readonly number[], rows: Rows): number[] {
  return columns.filter((column) => {
    const texts = rows.map((row) => row[column]).filter((cell) => typeof cell === 'string' && cell !== '') as string[];
    return rows.length === 0 || (texts.length > 0 && texts.filter(namesPicture).length < PICTURES * texts.length);
  });
}

/** Those of which most cells have several words. */
export function withSentences(columns: readonly number[], rows: Rows): number[] {
  return columns.filter((column) => {
    const several = rows.filter((row) => typeof row[column] === 'string' && /\S\s+\S/.test(row[column]));
    return several.length > rows.length / 2;
  });
}

/** Those that are not all times and days. */
export function withoutTimes(columns: readonly number[], rows: Rows): number[] {
  return columns.filter((column) => !rows.every((row) => isTime(row[column])));
}

function isTime(value: unknown): boolean {
  if (typeof value !== 'string') return value instanceof Date || value === null || value === undefined;
  return value.trim() === '' || (value.length <= LONGEST_TIME && TIME.test(value));
}

/** The column whose cells are at least twice as long as any other's on average. */
export function longest(columns: readonly number[], rows: Rows): number | undefined {
  const means = columns
    .map((column) => ({ column, length: rows.reduce((sum, row) => sum + lengthOf(row[column]), 0) / rows.length }))
    .sort((a, b) => b.length - a.length);
  const [first, second] = means;
  return first && first.length > 0 && first.length >= 2 * (second?.length ?? 0) ? first.column : undefined;
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}

/** Those whose values come back, and are not all the same. */
export function repeating(columns: readonly number[], rows: Rows): number[] {
  return columns.filter((column) => {
    const values = distinct(column, rows);
    return values.size > 1 && values.size < rows.length;
  });
}

/** Those that hold one value only. */
export function constant(columns: readonly number[], rows: Rows): number[] {
  return columns.filter(
    (column) => distinct(column, rows).size === 1 && rows[0]?.[column] !== '' && rows[0]?.[column] !== undefined,
  );
}

/** Those of a few different numbers. */
export function fewNumbers(columns: readonly number[], rows: Rows): number[] {
  return columns.filter((column) => distinct(column, rows).size <= MOST_RATINGS);
}

function distinct(column: number, rows: Rows): Set<string> {
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
  return new Set(rows.map((row) => JSON.stringify(row[column], plain)));
}
