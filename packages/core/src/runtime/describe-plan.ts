import { cachedRow } from '../data/split-data.ts';
import type { SourceRuntime } from '../domains/source-domain.ts';
import { epochSamples } from '../domains/unlabelled.ts';
import { RandomStream } from '../random/random-stream.ts';
import type { PhasePlan, TransferPlan } from '../runs/plan.ts';
import { openPlanned, type PlannedModel } from '../training/open-planned.ts';
import { trainables } from '../training/trainables.ts';
import { phaseSamples, stepsPerEpoch } from '../training/phase-samples.ts';
import { lossOptions } from '../training/run.ts';
import type { Transfer } from '../training/transfer.ts';
import type { PlannedTransfer } from './plan-transfer.ts';

/**
 * What a planned transfer will do, found by the functions that training goes by. Opens the source to know its stages;
 * trains nothing, and writes nothing but the source's files into the cache of artifacts.
 *
 * @param out the folder that was asked for, if any: a new run gets one of its own
 * @throws HeadstartError `invalid-option`, `plugin-invalid`, those of opening the source
 */
export async function describePlan(
  { transfer, request, choices, reading }: PlannedTransfer,
  runtime: SourceRuntime,
  out: string | undefined,
): Promise<TransferPlan> {
  const { target } = transfer;
  const { train, validation, test } = target.splits;
  const planned = await openPlanned(transfer, runtime, new RandomStream(transfer.seed));
  try {
    return {
      request: { ...request, out },
      choices,
      samples: {
        train: train.length,
        validation: validation.length,
        test: test.length,
        ...(target.unlabelled && { unlabelled: target.unlabelled.length }),
      },
      labels: target.labels,
      skipped: target.skipped,
      ...reading,
      phases: planned.phases.map((_, index) => describePhase(transfer, planned, index)),
    };
  } finally {
    planned.model.dispose();
  }
}

function describePhase(transfer: Transfer, { model, phases }: PlannedModel, index: number): PhasePlan {
  const { task, target, batchSize, seed, augmentation } = transfer;
  const phase = phases[index]!;
  const { name, epochs, trainable, optimiser, schedule, losses = [] } = phase;
  const { length } = epochSamples(target);
  const { prefix, views, groups } = phaseSamples({ transfer, model, phases }, index);
  const encoder = task.encoder({ backbone: model.backbone, labels: target.labels, augmentation });
  const cached = cachedRow({ model, encoder }, length, prefix, views) ? prefix : 0;
  const steps = stepsPerEpoch({ length, groups }, batchSize, new RandomStream(seed));
  const stages = model.stages.map((stage) => stage.name);
  return {
    name,
    epochs,
    stepsPerEpoch: steps,
    steps: steps * epochs,
    trainable,
    trainableParameters: trainables(model, phase).reduce((sum, { variable }) => sum + variable.value.size, 0),
    frozen: stages.filter((stage) => trainable[stage] === undefined),
    cached: stages.slice(0, cached),
    views: cached > 0 ? views : 1,
    optimiser,
    schedule,
    labelSmoothing: lossOptions(transfer, phase).labelSmoothing,
    losses: losses.map((term) => term.name),
  };
}
