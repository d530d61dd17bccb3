import { HeadstartError } from '@headstart/artifacts/errors';
import type { Sample } from '../domains/target-domain.ts';
import { epochSamples } from '../domains/unlabelled.ts';
import { BOTTLENECK } from '../network/bottleneck.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import type { Phase } from '../strategies/strategy.ts';
import { checkLossTerms, normalisesByBatches, replacesTaskLoss, trainsStage } from './loss-needs.ts';
import { lossOptions } from './run.ts';
import type { Transfer } from './transfer.ts';

/**
 * The strategy's phases for this model, with the task's own term in them where classes of the source are kept.
 * @throws HeadstartError `plugin-invalid` for loss terms that cannot be computed, `invalid-option` where unlabelled samples are
 * missing, or batches are of one sample and a bottleneck normalises by them
 */
export function planPhases<S extends Sample>(transfer: Transfer<S>, model: TransferModel): readonly Phase[] {
  const { strategy, epochs, batchSize, learningRate, weightDecay } = transfer;
  const stepsPerEpoch = Math.ceil(epochSamples(transfer.target).length / batchSize);
  const budget = {
    epochs,
    stepsPerEpoch,
    learningRate: typeof learningRate === 'number' ? learningRate : undefined,
    weightDecay,
  };
  const planned = strategy.plan(model.info(), budget, model.backbone.tuning, model.backbone);
  const phases = keepingClasses(planned, transfer, model);
  checkLossTerms(phases, model.backbone, {
    strategy: strategy.id,
    unlabelled: transfer.target.unlabelled !== undefined,
    sourceFree: strategy.sourceFree,
  });
  checkBatchSize(phases, transfer, model);
  return phases;
}

/** A bottleneck has one number per sample and channel: normalised by itself alone, each comes to nothing. */
function checkBatchSize<S extends Sample>(
  phases: readonly Phase[],
  { strategy, batchSize }: Transfer<S>,
  { stages }: TransferModel,
): void {
  if (batchSize > 1 || !stages.some(({ name }) => name === BOTTLENECK)) return;
  const normalising = phases.find((phase) => trainsStage(phase, BOTTLENECK) && normalisesByBatches(phase, BOTTLENECK));
  if (!normalising) return;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The strategy "${strategy.id}" normalises by the statistics of each batch (phase "${normalising.name}"), and a batch of ${batchSize} sample has none.`,
    hint: 'Give --batch 2 or more (in code: batchSize); 32 and above serve best.',
  });
}

/** Where a phase learns the task, it does so by the term that keeps the source's classes. */
function keepingClasses<S extends Sample>(
  phases: readonly Phase[],
  transfer: Transfer<S>,
  { backbone: { sourceHead }, head }: TransferModel,
): readonly Phase[] {
  const { task, retainedClasses } = transfer;
  if (!retainedClasses?.length || !task.keepClasses) return phases;
  const term = task.keepClasses(retainedClasses, { ...lossOptions(transfer), head, sourceHead });
  return phases.map((phase) => {
    const { losses = [] } = phase;
    // What is kept is not smoothed, unless that is asked for: the term knows of that alone.
    return replacesTaskLoss(losses) ? phase : { ...phase, labelSmoothing: undefined, losses: [term, ...losses] };
  });
}
