import { RandomStream } from '../../random/random-stream.ts';
import { openTransferModel } from '../../models/open-transfer-model.ts';
import { hasInterceptsToFit } from '../../training/fit-intercepts.ts';
import { planPhases } from '../../training/plan-phases.ts';
import { stackKeyOf } from '../../training/stacked/stackable.ts';
import type { PlannedTransfer } from '../plan-transfer.ts';
import type { ModelServices } from '../trained-model.ts';
import type { OpenSources } from './open-sources.ts';

/**
 * The key of a planned transfer among those that can be trained together; its source is opened, and stays open. A head whose
 * intercepts are fitted takes a stack for itself.
 */
export async function stackKeyOfPlanned(
  { artifacts, progress }: Pick<ModelServices, 'artifacts' | 'progress'>,
  sources: OpenSources,
  { transfer }: PlannedTransfer,
): Promise<string | undefined> {
  const { task, strategy, target, augmentation } = transfer;
  const { labels } = target;
  if (task.sampleLosses === undefined || strategy.start !== 'source') return undefined;
  const lease = sources.lease(transfer.source);
  const random = new RandomStream(transfer.seed);
  const model = await openTransferModel({ source: lease.source, task, strategy, labels, random, artifacts, progress });
  lease.unaltered();
  try {
    const encoder = task.encoder({ backbone: model.backbone, labels, augmentation });
    const run = { transfer, model, encoder, phases: planPhases(transfer, model) };
    return hasInterceptsToFit(run) ? undefined : stackKeyOf(run);
  } finally {
    model.dispose();
  }
}
