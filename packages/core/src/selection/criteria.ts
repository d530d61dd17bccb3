import type { UnlabelledCriterion } from '../options/criteria.ts';
import { centred, largestColumns, type Matrix } from '../transferability/matrix.ts';
import { leadingComponents, spectrum } from '../transferability/spectrum.ts';
import { classAgreement } from './class-agreement.ts';
import { densityRatios } from './density-ratio.ts';
import { certainty, informationMaximisation, nuclearNorm, softNeighbourhoodDensity } from './prediction-criteria.ts';
import { deepEmbeddedRisk, importanceWeightedRisk } from './weighted-risk.ts';

/** What a model makes of samples, a row of each matrix per sample. */
export interface Opinions {
  /** `[samples, classes]` */
  readonly probabilities: Matrix;
  /** `[samples, width]`: what its head sees of them. */
  readonly features?: Matrix;
}

/** Directions of features in which clusters are looked for: the others hold next to none of the spread. */
const CLUSTERED = 32;

/**
 * The value of every criterion that can be computed. Of each, larger is taken for better: risks have their sign turned.
 *
 * @param unlabelled what is made of unlabelled samples; with features also `class-agreement` of their 32 principal components
 * @param validation what is made of labelled ones, and their classes: with features of both, the risks on the unlabelled domain,
 * by the share of wrong classes
 */
export function criteriaOf(
  unlabelled: Opinions,
  validation?: Opinions & { readonly labels: ArrayLike<number> },
): Partial<Record<UnlabelledCriterion, number>> {
  const { probabilities, features } = unlabelled;
  return {
    certainty: certainty(probabilities),
    'information-maximisation': informationMaximisation(probabilities),
    'nuclear-norm': nuclearNorm(probabilities),
    'soft-neighbourhood-density': softNeighbourhoodDensity(probabilities),
    ...(features && {
      'class-agreement': classAgreement(probabilities, leadingComponents(spectrum(centred(features)), CLUSTERED)),
    }),
    ...(features && validation?.features && risks(features, { ...validation, features: validation.features })),
  };
}

function risks(
  unlabelled: Matrix,
  { features, probabilities, labels }: Required<Opinions> & { readonly labels: ArrayLike<number> },
): Partial<Record<UnlabelledCriterion, number>> {
  const weights = densityRatios(features, unlabelled);
  const losses = Array.from(largestColumns(probabilities), (label, i) => (label === labels[i] ? 0 : 1));
  return {
    'importance-weighted-validation': -importanceWeightedRisk(weights, losses),
    'deep-embedded-validation': -deepEmbeddedRisk(weights, losses),
  };
}
