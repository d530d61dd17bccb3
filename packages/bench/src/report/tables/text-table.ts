import { plusMinus } from '../rounded.ts';

/** A table of texts and numbers, before it takes a format. */
export interface TextTable {
  /** Of its files. */
  readonly name: string;
  readonly title: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly TableCell[])[];
}

export interface TableColumn {
  readonly title: string;
  /** `interval`: numbers with theirs, three columns where programs read them. */
  readonly kind?: 'number' | 'interval';
}

/** A name or sentence, a number, or nothing. */
export type TableCell = string | NumberCell | null;

export interface NumberCell {
  readonly value: number;
  readonly interval?: readonly [low: number, high: number] | null;
  /** What people read, where that is not the number rounded by its interval. */
  readonly text?: string;
}

/** Characters that alter what stands around them: controls, and those that turn the direction of writing. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** One line of plain text: line ends and tabs become a space, characters that cannot be seen their number. */
export function plainLine(text: string): string {
  return text
    .replace(/[\t\n\r\u2028\u2029]+/g, ' ')
    .replace(/[\ud800-\udfff]/gu, '\ufffd')
    .replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What people read of a number: `0.873 ± 0.012`, and a dash where there is none. */
export function numberText(cell: NumberCell | null): string {
  return cell === null ? '–' : (cell.text ?? plusMinus(cell.value, cell.interval));
}
