import type { UnlabelledCriterion } from '../options/criteria.ts';
import type { Matrix } from '../transferability/matrix.ts';
import { certainty, informationMaximisation, nuclearNorm, softNeighbourhoodDensity } from './prediction-criteria.ts';

const CRITERIA: Record<UnlabelledCriterion, (probabilities: Matrix) => number> = {
  certainty,
  'information-maximisation': informationMaximisation,
  'nuclear-norm': nuclearNorm,
  'soft-neighbourhood-density': softNeighbourhoodDensity,
};

/** The value of every criterion of predictions alone. @param probabilities `[samples, classes]` */
export function criteriaOf(probabilities: Matrix): Record<UnlabelledCriterion, number> {
  return Object.fromEntries(Object.entries(CRITERIA).map(([name, value]) => [name, value(probabilities)])) as Record<
    UnlabelledCriterion,
    number
  >;
}
