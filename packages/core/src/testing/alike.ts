/** Kernels may add up in another order for another batch; in single precision that stays far below this. */
const TOLERANCE = 1e-3;

/** Where two values differ by more than rounding: a path such as `.top[0].probability`; undefined where they do not. */
export function differenceOf(a: unknown, b: unknown, path = ''): string | undefined {
  if (typeof a === 'number' && typeof b === 'number')
    return Object.is(a, b) || Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(a))
      ? undefined
      : `${path || 'it'}: ${a} and ${b}`;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return Object.is(a, b) ? undefined : `${path || 'it'}: ${String(a)} and ${String(b)}`;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length)
    return `${path || 'it'}: of ${keys.length} and of ${Object.keys(b).length} members`;
  for (const key of keys) {
    const found = differenceOf(
      (a as Record<string, unknown>)[key],
      (b as Record<string, unknown>)[key],
      `${path}.${key}`,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}
