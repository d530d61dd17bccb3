import { z } from 'zod';

/** An option of a strategy: names of loss terms that stand beside its own, with `+` between them; none where it is left out. */
export function combinedNames(known: readonly string[]) {
  return z
    .string()
    .transform((names) => [...new Set(names.split('+'))])
    .refine((names) => names.every((name) => known.includes(name)), {
      error: `with takes ${known.join(', ')}, with + between them`,
    })
    .default([]);
}
