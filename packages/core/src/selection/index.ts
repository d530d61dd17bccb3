export { adjustedMutualInformation } from './adjusted-mutual-information.ts';
export { classAgreement } from './class-agreement.ts';
export { criteriaOf } from './criteria.ts';
export { densityRatios } from './density-ratio.ts';
export { kMeans } from './k-means.ts';
export {
  certainty,
  informationMaximisation,
  nuclearNorm,
  softNeighbourhoodDensity,
} from './prediction-criteria.ts';
export { deepEmbeddedRisk, importanceWeightedRisk } from './weighted-risk.ts';
