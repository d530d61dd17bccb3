import { cellText } from './cell-text.ts';

/** Rows that name the columns once more: questions, and ids of an import. */
const ROWS = 2;

/**
 * How many rows below the first name the columns too: two in Qualtrics' exports, the questions and a row of
 * `{"ImportId":"QID1"}`.
 */
export function furtherNames(rows: readonly (readonly unknown[])[]): number {
  const filled = (rows[ROWS] ?? []).map(cellText).filter((cell) => cell !== '');
  return filled.length > 0 && filled.every((cell) => /^\{\s*"ImportId"\s*:/.test(cell)) ? ROWS : 0;
}
