import type { Sample } from '../domains/target-domain.ts';
import type { UnsavedCard } from '../models/model-directory.ts';
import { trainingOptions } from '../options/transfer-options.ts';
import { CORE_VERSION } from '../ports/version.ts';
import type { TransferResult } from '../runs/request.ts';
import type { Run } from './run.ts';
import type { Transfer } from './transfer.ts';

/** What the saved model says of its making. */
export function modelCard<S extends Sample>(
  { transfer, model, backend, phases, sourceDigest }: Run<S>,
  result: TransferResult,
): UnsavedCard {
  const { task, source, target, retainedClasses, strategy, seed, clean = [] } = transfer;
  return {
    task: task.id,
    labels: [...target.labels],
    ...(retainedClasses && { kept: retainedClasses.map((label) => target.labels[label]!) }),
    source: {
      id: source.id,
      origin: source.origin,
      architecture: model.backbone.architecture,
      licence: source.card.licence,
    },
    target: {
      id: target.id,
      fingerprint: target.fingerprint,
      ...(target.labelled !== undefined && { labelled: target.labelled }),
      ...(clean.length > 0 && { clean }),
    },
    strategy: strategy.id,
    seed,
    training: {
      ...trainingOf(transfer),
      split: [...transfer.split],
      shots: transfer.shots ?? null,
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
    provenance: { sourceWeights: sourceDigest, plugins: { ...transfer.origins } },
  };
}

/** Every training option but the seed, which the card names by itself; null where it was left to the strategy. */
function trainingOf<S extends Sample>(transfer: Transfer<S>): Record<string, unknown> {
  const names = (Object.keys(trainingOptions) as (keyof typeof trainingOptions)[]).filter((name) => name !== 'seed');
  return Object.fromEntries(names.map((name) => [name, transfer[name] ?? null]));
}
