import type { DecisionRule } from './decision-rule.ts';
import type { PageDescription } from './page-description.ts';

/** How a page reads a network that classifies, by its `logits`; by the model's own rule where it has one. */
export function classesOutput(
  activation: 'softmax' | 'sigmoid',
  { thresholds, abstainBelow }: DecisionRule = {},
): PageDescription['output'] {
  return {
    kind: 'classes',
    tensors: ['logits'],
    activation,
    ...(thresholds && { thresholds }),
    ...(abstainBelow !== undefined && { abstainBelow }),
  };
}
