const NAMES = new Set(['NaN', 'Infinity', '-Infinity']);

/** JSON in which a number that JSON does not have is its name, `"NaN"`, `"Infinity"` or `"-Infinity"`, and never null. */
export function jsonText(value: unknown, indent?: number): string {
  const named = (_key: string, each: unknown) =>
    typeof each === 'number' && !Number.isFinite(each) ? String(each) : each;
  return JSON.stringify(value, named, indent);
}

/** The number that `jsonText` wrote; anything but a number's name is given back as it is. */
export function numberOfName(value: unknown): unknown {
  return typeof value === 'string' && NAMES.has(value) ? Number(value) : value;
}
