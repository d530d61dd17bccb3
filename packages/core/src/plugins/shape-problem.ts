import type { ZodType } from 'zod';

/** What is wrong with the shape of a value, in words such as `stages.0.name: expected string`; undefined where nothing is. */
export function shapeProblem(schema: ZodType, value: unknown): string | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return undefined;
  return parsed.error.issues
    .slice(0, 3)
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${lowerFirst(message)}` : lowerFirst(message)))
    .join('; ');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
