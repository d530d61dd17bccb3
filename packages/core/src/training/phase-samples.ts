import { epochBatches, type BatchLoader } from '../data/batches.ts';
import { balancedDraw, type BalancedDraw } from '../data/balanced-order.ts';
import { groupsOf } from '../data/group-batches.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { Phase } from '../strategies/strategy.ts';
import { needsOf, replaceablePrefix } from './loss-needs.ts';
import { untouchedStages, type Run } from './run.ts';

/** How a phase goes through its training samples. */
export interface PhaseSamples {
  /** The number of leading stages whose outputs may stand in for samples. */
  readonly prefix: number;
  /** Views of each sample to keep of such outputs: 1 is the plain one. */
  readonly views: number;
  /** The group of each sample, where batches are to hold pairs of one group. */
  readonly groups?: Int32Array;
  /** How samples are drawn where an epoch does not have each of them once. */
  readonly balanced?: BalancedDraw;
}

/** Follows from what is planned alone: nothing is opened. */
export function phaseSamples<S extends Sample>(
  run: Pick<Run<S>, 'transfer' | 'model' | 'phases'>,
  index: number,
): PhaseSamples {
  const { transfer, model, phases } = run;
  const { task, target, augmentation } = transfer;
  const phase = phases[index]!;
  // A teacher takes up where the stages are still the source's: features beyond that are not its own.
  const frozen = needsOf(phases).teacher
    ? untouchedStages({ model, phases }, index)
    : model.frozenPrefix(phase.trainable);
  const paired = needsOf([phase]).groups || (task.pairedBatches === true && target.labels.length > 0);
  return {
    prefix: replaceablePrefix(phase, model.backbone, frozen),
    views: transfer.views ?? defaultViews(augmentation, phase, frozen === model.backbone.stages.length),
    groups: paired ? groupsOf(target.splits.train) : undefined,
    balanced: transfer.sampling === 'balanced' && !paired ? balancedDraw(target.splits.train) : undefined,
  };
}

/** A head alone trains on plain features; stages train on as many augmented views as pay off. */
function defaultViews(policy: string, phase: Phase, headOnly: boolean): number {
  return headOnly || policy === 'none' ? 1 : Math.max(2, Math.min(phase.epochs, 4));
}

/** Steps per epoch: those of the samples that it goes through, whatever else there is. */
export function stepsPerEpoch(
  { length, groups }: Pick<BatchLoader, 'length' | 'groups'>,
  size: number,
  random: RandomStream,
): number {
  return epochBatches({ length, groups }, size, random.child('steps')).length;
}
