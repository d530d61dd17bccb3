import { z } from 'zod';
import {
  adversarialTerm,
  classConfusionTerm,
  conditionalTerm,
  coralTerm,
  entropyTerm,
  informationMaximisationTerm,
  marginDisparityTerm,
  meanDiscrepancyTerm,
  nuclearNormTerm,
} from '../../adaptation/terms.ts';
import type { LossTerm } from '../../network/loss-term.ts';

/** Loss terms that `with=` puts beside a strategy's own, by name. */
export const COMBINABLE: Readonly<Record<string, () => LossTerm>> = {
  coral: coralTerm,
  dan: meanDiscrepancyTerm,
  dann: adversarialTerm,
  cdan: conditionalTerm,
  mcc: classConfusionTerm,
  mdd: marginDisparityTerm,
  im: informationMaximisationTerm,
  bnm: nuclearNormTerm,
  // Alone it is least where all samples are of one class; beside labels a tenth of it sharpens without that.
  entropy: () => entropyTerm({ weight: 0.1 }),
};

/** Terms beside a strategy's own as an option, by their names with `+` between them. */
export function combinedNames(known: readonly string[]) {
  return z
    .string()
    .transform((names) => [...new Set(names.split('+'))])
    .refine((names) => names.every((name) => known.includes(name)), {
      error: `with takes ${known.join(', ')}, with + between them`,
    })
    .default([]);
}

/** The term of that name. */
export function termOf(name: string): LossTerm {
  return COMBINABLE[name]!();
}
