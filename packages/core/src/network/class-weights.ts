import { add, mul, sub, sum, tensor1d, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';

/** What classes count in a loss, by the label's number. */
export interface ClassWeights {
  /** Where a sample has the label. */
  readonly present: readonly number[];
  /** Where it lacks the label: of samples that may have several, each of which is learned for itself. */
  readonly absent: readonly number[];
}

/** The weights of some labels, in their order. */
export function weightsOfLabels(
  weights: ClassWeights | undefined,
  labels: readonly number[],
): ClassWeights | undefined {
  return (
    weights && {
      present: labels.map((label) => weights.present[label]!),
      absent: labels.map((label) => weights.absent[label]!),
    }
  );
}

/**
 * Costs of samples `[batch]`, each multiplied by the weight of its class; of a sample that is blended of several classes, by
 * the mean of their weights.
 * @param truth distributions over the classes, `[batch, classes]`
 */
export function weighedByClass(costs: Tensor1D, truth: Tensor, weights: ClassWeights | undefined): Tensor1D {
  if (!weights) return costs;
  return mul(costs, sum<Tensor1D>(mul(truth, tensor1d([...weights.present])), -1));
}

/**
 * Costs of each label of each sample, `[batch, labels]`, each multiplied by the weight that the label's presence or absence has.
 * @param truth from 0 to 1, `[batch, labels]`
 */
export function weighedByLabel(costs: Tensor, truth: Tensor, weights: ClassWeights | undefined): Tensor {
  if (!weights) return costs;
  const present = mul(truth, tensor1d([...weights.present]));
  return mul(costs, add(present, mul(sub(1, truth), tensor1d([...weights.absent]))));
}
