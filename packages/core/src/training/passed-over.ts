import { haveWeights } from '../data/sample-weights.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { Phase } from '../strategies/strategy.ts';
import { replacesTaskLoss } from './loss-needs.ts';
import type { PhaseSamples } from './phase-samples.ts';
import type { Transfer } from './transfer.ts';

/** What is asked for of classes and samples and has no part in a phase that learns in another way: a sentence each. */
export function passedOver<S extends Sample>(
  { sampling, lossWeights, target }: Transfer<S>,
  { name, losses = [] }: Phase,
  { groups }: Pick<PhaseSamples, 'groups'>,
): string[] {
  const sentences: string[] = [];
  if (sampling !== undefined && groups)
    sentences.push(
      `Phase "${name}" takes its samples in pairs of one label, each sample once: --sampling ${sampling} has no part in it.`,
    );
  const term = replacesTaskLoss(losses);
  if (!term || term.weighed) return sentences;
  const weights = [
    ...(lossWeights ? ['weights of classes'] : []),
    ...(haveWeights(target.splits.train) ? ['weights of samples'] : []),
  ];
  if (weights.length > 0)
    sentences.push(
      `Phase "${name}" learns by "${term.name}" in place of the task's loss, and all samples count alike in it: ${weights.join(' and ')} have no part in it.`,
    );
  return sentences;
}
