import type { Sample } from '../domains/target-domain.ts';
import type { UnsavedCard } from '../models/model-directory.ts';
import { CORE_VERSION } from '../ports/version.ts';
import type { TransferResult } from '../runs/request.ts';
import type { Run } from './run.ts';

/** What the saved model says of its making. */
export function modelCard<S extends Sample>(
  { transfer, model, backend, phases }: Run<S>,
  result: TransferResult,
): UnsavedCard {
  const {
    task,
    source,
    target,
    kept,
    strategy,
    seed,
    batchSize,
    epochs,
    labelSmoothing,
    ema,
    precision = 'float32',
    augmentation,
    split,
    shots,
  } = transfer;
  return {
    task: task.id,
    labels: [...target.labels],
    ...(kept && { kept: kept.map((label) => target.labels[label]!) }),
    source: {
      id: source.id,
      origin: source.origin,
      architecture: model.backbone.architecture,
      licence: source.card.licence,
    },
    target: { id: target.id, fingerprint: target.fingerprint },
    strategy: strategy.id,
    seed,
    training: {
      split: [...split],
      shots: shots ?? null,
      epochs,
      batchSize,
      labelSmoothing,
      ema: ema ?? null,
      precision,
      augmentation,
      samples: result.samples,
      phases: phases.map(({ name, epochs: phaseEpochs, trainable, optimiser }) => ({
        name,
        epochs: phaseEpochs,
        trainable,
        optimiser,
      })),
    },
    metrics: Object.fromEntries(Object.entries(result.metrics).map(([split, values]) => [split, { ...values }])),
    backend: { name: backend.name, device: backend.device, ...backend.details },
    headstart: CORE_VERSION,
  };
}
