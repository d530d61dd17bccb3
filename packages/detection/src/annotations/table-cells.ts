/* What cells of tables hold, whichever format they are of: texts, numbers, and what JSON lines and Parquet nest. */

/** A number, also where it is written as text, with a comma before the decimals or not; NaN for anything else. */
export function cellNumber(cell: unknown): number {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : NaN;
  if (typeof cell === 'bigint') return Number(cell);
  if (typeof cell !== 'string') return NaN;
  const text = cell.trim().replace(/^([+-]?\d*),(\d+)$/, '$1.$2');
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
}

/** A cell as a text; undefined where it is empty, or nothing that is a text. */
export function cellText(cell: unknown): string | undefined {
  if (typeof cell === 'string') return cell.trim() || undefined;
  return typeof cell === 'number' || typeof cell === 'bigint' || typeof cell === 'boolean' ? String(cell) : undefined;
}

/** Whether a cell holds nothing. */
export function isEmptyCell(cell: unknown): boolean {
  return cell === undefined || cell === null || (typeof cell === 'string' && cell.trim() === '');
}

/** The values of a list: one that a format nests, or as JSON or with blanks in a text; undefined for anything else. */
export function cellList(cell: unknown): readonly unknown[] | undefined {
  if (Array.isArray(cell)) return cell as unknown[];
  if (ArrayBuffer.isView(cell) && !(cell instanceof DataView)) return Array.from(cell as Float64Array);
  if (typeof cell !== 'string') return undefined;
  const inner = /^\s*[[(](.*)[\])]\s*$/s.exec(cell)?.[1] ?? cell;
  return inner.trim() === '' ? [] : inner.trim().split(/\s*[,\s]\s*/);
}

/** What a cell of JSON holds; undefined where it is none. */
export function cellJson(cell: unknown): unknown {
  if (typeof cell !== 'string') return cell ?? undefined;
  try {
    return JSON.parse(cell) as unknown;
  } catch {
    return undefined;
  }
}
