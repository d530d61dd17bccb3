import { cellText } from './cell-text.ts';
import { splitNamed } from '../folders/split-names.ts';
import { isAddress, namesPicture } from './picture-names.ts';

/**
 * What the cells of a column are: `picture` names, addresses or bytes of pictures; `url` other addresses; `list` several
 * values in a cell, as JSON or Python writes them; `object` JSON objects; `number`; `split` names of splits; `category`
 * short values that come back; `id` values without blanks that do not; `text`; `empty`.
 */
export type ColumnKind =
  | 'picture'
  | 'url'
  | 'list'
  | 'object'
  | 'number'
  | 'split'
  | 'category'
  | 'id'
  | 'text'
  | 'empty';

/** Share of cells that must be of a kind. */
const MOST = 0.8;
/** A category is no longer than this. */
const LONGEST_CATEGORY = 64;

/** The kind of a column by its cells. */
export function columnKind(cells: readonly unknown[]): ColumnKind {
  const filled = cells.filter((cell) => cell !== undefined && cell !== null && cell !== '');
  if (filled.length === 0) return 'empty';
  const share = (is: (cell: unknown) => boolean) => filled.filter(is).length / filled.length;
  if (share(isPictureValue) >= MOST) return 'picture';
  if (share(isList) >= MOST) return 'list';
  if (share(isObjectValue) >= MOST) return 'object';
  if (share(isNumeric) >= MOST) return 'number';
  const texts = filled.map(cellText);
  if (texts.every(isAddress)) return 'url';
  const distinct = new Set(texts);
  if (distinct.size > 1 && texts.every((text) => splitNamed(text) !== undefined)) return 'split';
  const short = texts.every((text) => text.length <= LONGEST_CATEGORY);
  if (distinct.size <= texts.length / 2 && short) return 'category';
  if (texts.filter((text) => /\s/.test(text)).length >= texts.length / 5) return 'text';
  if (distinct.size < texts.length * 0.9 && short) return 'category';
  return texts.every((text) => /^[\x21-\x7e]+$/.test(text)) ? 'id' : 'text';
}

function isPictureValue(cell: unknown): boolean {
  if (typeof cell === 'string') return namesPicture(cell);
  if (cell instanceof Uint8Array) return isPictureBytes(cell);
  if (typeof cell !== 'object' || cell === null) return false;
  const { bytes, path } = cell as { bytes?: unknown; path?: unknown };
  return (bytes instanceof Uint8Array && isPictureBytes(bytes)) || (typeof path === 'string' && namesPicture(path));
}

/** JPEG, PNG, GIF, WebP, TIFF and BMP by their first bytes. */
function isPictureBytes(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  return /^(?:\xff\xd8\xff|\x89PNG|GIF8|RIFF....WEBP|II\*\0|MM\0\*|BM)/s.test(head);
}

function isList(cell: unknown): boolean {
  return Array.isArray(cell) || (typeof cell === 'string' && /^\s*\[.*\]\s*$/s.test(cell));
}

function isObjectValue(cell: unknown): boolean {
  if (typeof cell === 'string') return /^\s*\{\s*".*\}\s*$/s.test(cell);
  return typeof cell === 'object' && cell !== null && !(cell instanceof Date) && !(cell instanceof Uint8Array);
}

function isNumeric(cell: unknown): boolean {
  if (typeof cell === 'number' || typeof cell === 'bigint') return true;
  return typeof cell === 'string' && /^\s*[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:e[+-]?\d+)?\s*$/i.test(cell);
}

/** Whether a cell holds four numbers, as boxes do: [10, 20, 30, 40]. */
export function isFourNumbers(cell: unknown): boolean {
  const list =
    typeof cell === 'string'
      ? cell
          .trim()
          .replace(/^[[(](.*)[\])]$/s, '$1')
          .split(/[\s,]+/)
      : cell;
  return Array.isArray(list) && list.length === 4 && list.every(isNumeric);
}
