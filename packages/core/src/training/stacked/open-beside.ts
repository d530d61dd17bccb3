import type { Sample } from '../../domains/target-domain.ts';
import { TransferModel } from '../../network/transfer-model.ts';
import { RandomStream } from '../../random/random-stream.ts';
import { type EventBus, warningOnce } from '../event-bus.ts';
import { planPhases } from '../plan-phases.ts';
import { runEncoder, type Run } from '../run.ts';
import { newRunState } from '../run-state.ts';
import type { Transfer } from '../transfer.ts';

/**
 * A run on the backbone of another, which has been opened and checked: of the same source, task and labels. The head is
 * its own, drawn by its own seed; the caller disposes of that.
 */
export async function openBeside<S extends Sample>(
  other: Run<S>,
  transfer: Transfer<S>,
  events: EventBus,
): Promise<Run<S>> {
  const { runId, directory, target, task } = transfer;
  const { train, validation, test } = target.splits;
  const { backbone } = other.model;
  const random = new RandomStream(transfer.seed);
  const head = task.buildHead(backbone, target.labels, random.child('initialise', 'head'));
  const model = new TransferModel(backbone, head);
  try {
    await events.emit('runStart', {
      runId,
      directory,
      samples: { train: train.length, validation: validation.length, test: test.length },
      labels: target.labels,
      resumed: false,
    });
    return {
      ...other,
      transfer,
      events,
      warnOnce: warningOnce(events),
      random,
      model,
      encoder: runEncoder(transfer, backbone),
      phases: planPhases(transfer, model),
      state: newRunState(),
      begun: performance.now(),
    };
  } catch (error) {
    disposeHead(model);
    throw error;
  }
}

/** Frees the head of a run whose backbone is another's. */
export function disposeHead({ head }: Pick<TransferModel, 'head'>): void {
  for (const { value } of head.variables) value.dispose();
}
