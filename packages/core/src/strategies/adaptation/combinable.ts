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

/** The term of that name. */
export function termOf(name: string): LossTerm {
  return COMBINABLE[name]!();
}
