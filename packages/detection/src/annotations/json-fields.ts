/** A JSON object whose members are not known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object's own member; what a file calls `__proto__` or `constructor` is a member as any other. */
export function member(fields: unknown, name: string): unknown {
  return isFields(fields) && Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** A finite number; NaN for anything else, which no box passes with. */
export function numberIn(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : NaN;
}

/** A text that is not blank, without space around it. */
export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** A number of pixels, as a picture has it; absent where a file does not say, or says 0. */
export function sizeIn(width: unknown, height: unknown): { width: number; height: number } | undefined {
  const whole = (side: unknown): side is number => Number.isSafeInteger(side) && (side as number) > 0;
  return whole(width) && whole(height) ? { width, height } : undefined;
}

/** A point that is written as a list of two numbers. */
export function pointIn(point: unknown): readonly [x: number, y: number] {
  return Array.isArray(point) ? [numberIn(point[0]), numberIn(point[1])] : [NaN, NaN];
}
