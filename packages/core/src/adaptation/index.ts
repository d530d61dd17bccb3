export {
  coralLoss,
  deepCoralLoss,
  gaussianMeanDiscrepancy,
  meanDiscrepancy,
  standardised,
  type MeanDiscrepancyOptions,
} from './domain-distances.ts';
export {
  certaintyWeights,
  domainLoss,
  multilinearMap,
  reversalScale,
  weighedDomainLoss,
} from './domain-confusion.ts';
export { sharedEpochs } from './shared-epochs.ts';
export { DenseNetwork, type DenseNetworkOptions } from './dense-network.ts';
export { entropyLoss, informationMaximisationLoss, nuclearNormLoss, rowEntropies } from './certainty.ts';
export { classConfusionLoss } from './class-confusion.ts';
export { marginDisparity, maskedCrossEntropy, predictedClasses, type TwoOpinions } from './margin-disparity.ts';
export { centroidLabels, fixMatchLoss, type Opinions } from './pseudo-labels.ts';
export { neighbourLoss, neighbourOpinions, type NeighbourOptions } from './neighbours.ts';
export {
  adversarialTerm,
  classConfusionTerm,
  conditionalTerm,
  coralTerm,
  DERIVED_CLASSES,
  domainStatisticsTerm,
  entropyTerm,
  informationMaximisationTerm,
  marginDisparityTerm,
  meanDiscrepancyTerm,
  neighbourTerm,
  nuclearNormTerm,
  pseudoLabelTerm,
  type TermOptions,
} from './terms.ts';
