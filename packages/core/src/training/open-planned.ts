import type { SourceRuntime } from '../domains/source-domain.ts';
import type { Sample } from '../domains/target-domain.ts';
import { openTransferModel } from '../models/open-transfer-model.ts';
import { Adapters } from '../network/adapters.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { Phase } from '../strategies/strategy.ts';
import { checkCalibration } from './calibrate.ts';
import { checkDecision } from './decide.ts';
import { buildLossLayers } from './loss-layers.ts';
import { adapterPlan } from './phase-checks.ts';
import { planPhases } from './plan-phases.ts';
import type { Transfer } from './transfer.ts';

/** A model with the phases that are to train it. */
export interface PlannedModel {
  readonly model: TransferModel;
  readonly phases: readonly Phase[];
  /** SHA-256 of the source's published values; null where the strategy begins with random ones. */
  readonly sourceDigest: string | null;
}

/**
 * Opens the source with the task's head on it, plans the strategy's phases for it, and adds what they bring: adapters,
 * and layers of loss terms. The caller disposes of the model.
 *
 * @param random the run's
 * @throws HeadstartError `invalid-option`, `plugin-invalid`, those of opening the source
 */
export async function openPlanned<S extends Sample>(
  transfer: Transfer<S>,
  runtime: SourceRuntime,
  random: RandomStream,
): Promise<PlannedModel> {
  const { source, task, strategy, target } = transfer;
  const model = await openTransferModel({ source, task, strategy, labels: target.labels, random, ...runtime });
  try {
    checkCalibration(transfer, model);
    checkDecision(transfer);
    const sourceDigest = strategy.start === 'random' ? null : await model.prefixDigest(model.backbone.stages.length);
    const phases = planPhases(transfer, model);
    const adapters = adapterPlan(phases);
    if (adapters) model.adapters = Adapters.create(model.backbone.stages, adapters, random.child('adapters'));
    model.auxiliary = buildLossLayers(phases, model.backbone, target.labels, random.child('loss'));
    return { model, phases, sourceDigest };
  } catch (error) {
    model.dispose();
    throw error;
  }
}
