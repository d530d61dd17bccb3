const MOST_ITEMS = 12;
const MOST_DEPTH = 3;

/**
 * A value as messages show it: as JSON, of any length and depth that it may have no more than fits in a line. Never throws.
 * @param most characters
 */
export function shown(value: unknown, most = 100): string {
  const text = json(value, most, 0);
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function json(value: unknown, most: number, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.length > most ? `${value.slice(0, most)}…` : value);
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number' || typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) {
    if (depth >= MOST_DEPTH) return '[…]';
    return `[${listed(value, (item) => json(item, most, depth + 1)).join(',')}]`;
  }
  if (depth >= MOST_DEPTH) return '{…}';
  const entries = Object.entries(value);
  return `{${listed(entries, ([key, item]) => `${json(key, most, depth)}:${json(item, most, depth + 1)}`).join(',')}}`;
}

function listed<T>(items: readonly T[], each: (item: T) => string): string[] {
  const first = items.slice(0, MOST_ITEMS).map(each);
  return items.length > MOST_ITEMS ? [...first, '…'] : first;
}
