import { Computed } from './computed.ts';

/** What a cell says, without space around it: texts and numbers as they are written, nothing where it is empty. */
export function cellText(cell: unknown): string {
  if (cell === undefined || cell === null) return '';
  if (cell instanceof Computed) return cellText(cell.value);
  if (typeof cell === 'string') return cell.trim();
  if (typeof cell === 'number' || typeof cell === 'bigint' || typeof cell === 'boolean') return String(cell);
  if (cell instanceof Date) return cell.toISOString().replace(/T00:00:00\.000Z$/, '');
  return JSON.stringify(cell, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}
