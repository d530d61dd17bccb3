/** Opening and closing brackets of lists, tuples and sets as programs print them. */
const BRACKETS: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' };
/** A quoted word as Python prints it, and what may stand between two of them (NumPy leaves out the comma). */
const QUOTED = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*,?\s*/y;
const NUMBERS = /^\[\s*-?\d+(?:\s+-?\d+)*\s*\]$/;

/**
 * The items of a list that a cell has in writing: JSON (`["a", "b"]`), Python or NumPy (`['a', 'b']`, `('a',)`, `{'a'}`,
 * `['a' 'b']`, `[0 1]`), or an object of Label Studio's (`{"choices": ["a", "b"]}`); undefined where a cell has something else.
 */
export function listedItems(cell: string): readonly unknown[] | undefined {
  const text = cell.trim();
  const close = BRACKETS[text.charAt(0)];
  if (close === undefined || !text.endsWith(close)) return undefined;
  const value = parsed(text);
  if (Array.isArray(value)) return value as unknown[];
  return chosen(value) ?? quotedItems(text.slice(1, -1), text.startsWith('[')) ?? numbers(text);
}

/** What an object of Label Studio's says was chosen. */
export function chosen(value: unknown): readonly unknown[] | undefined {
  const choices = typeof value === 'object' && value !== null && 'choices' in value ? value.choices : undefined;
  return Array.isArray(choices) ? (choices as unknown[]) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function quotedItems(inner: string, maybeEmpty: boolean): string[] | undefined {
  if (inner.trim() === '') return maybeEmpty ? [] : undefined;
  const items: string[] = [];
  QUOTED.lastIndex = 0;
  while (QUOTED.lastIndex < inner.length) {
    const match = QUOTED.exec(inner);
    if (!match) return undefined;
    items.push((match[1] ?? match[2]!).replace(/\\(.)/g, '$1'));
  }
  return items;
}

function numbers(text: string): string[] | undefined {
  return NUMBERS.test(text) ? text.slice(1, -1).trim().split(/\s+/) : undefined;
}
