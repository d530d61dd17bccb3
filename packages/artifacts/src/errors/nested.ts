/**
 * Whether a value that was parsed is nested deeper than so many levels: what walks such a value by calling itself would
 * leave the call stack.
 */
export function nestedDeeper(value: unknown, most: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true;
    level = level.flatMap((each): unknown[] => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return false;
}
