import { largestColumns, type Matrix } from '../transferability/matrix.ts';
import { adjustedMutualInformation } from './adjusted-mutual-information.ts';
import { kMeans } from './k-means.ts';

/**
 * ClassAMI: how much the classes that a model predicts for unlabelled samples agree with clusters of their features, as many as
 * there are classes, by adjusted mutual information; larger is better (Musgrave, Belongie and Lim, 2022, "Three new validators
 * and a large-scale benchmark ranking for unsupervised domain adaptation").
 *
 * @param probabilities `[samples, classes]` @param features `[samples, width]`, of the same samples
 */
export function classAgreement(probabilities: Matrix, features: Matrix): number {
  return adjustedMutualInformation(largestColumns(probabilities), kMeans(features, probabilities.columns));
}
