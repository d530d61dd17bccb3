import type { Sample } from '../domains/target-domain.ts';
import { epochSamples } from '../domains/unlabelled.ts';
import type { UnsavedCard } from '../models/card-schema.ts';
import { trainingOptions } from '../options/transfer-options.ts';
import { bottleneckOf } from '../network/bottleneck.ts';
import { CORE_VERSION } from '../ports/version.ts';
import type { EpochChoice } from '../runs/events.ts';
import type { TransferResult } from '../runs/request.ts';
import { phaseSamples, stepsPerEpoch } from './phase-samples.ts';
import { lossOptions, type Run } from './run.ts';
import type { Transfer } from './transfer.ts';

/** What the saved model says of its making. */
export function modelCard<S extends Sample>(run: Run<S>, result: TransferResult): UnsavedCard {
  const { transfer, model, backend, phases, sourceDigest, sourceFiles } = run;
  const { task, source, target, retainedClasses, strategy, seed, clean = [] } = transfer;
  const bottleneck = bottleneckOf(model.backbone)?.plan;
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
    ...(bottleneck && { bottleneck: { ...bottleneck } }),
    seed,
    training: {
      ...trainingOf(transfer),
      split: [...transfer.split],
      shots: transfer.shots ?? null,
      samples: result.samples,
      ...(result.setting && { setting: result.setting }),
      phases: phases.map((phase, index) => ({
        name: phase.name,
        epochs: phase.epochs,
        steps: phase.epochs * stepsOf(run, index),
        kept: keptOf(result.chosen[index]),
        trainable: phase.trainable,
        optimiser: phase.optimiser,
        labelSmoothing: lossOptions(transfer, phase).labelSmoothing,
      })),
    },
    metrics: Object.fromEntries(Object.entries(result.metrics).map(([split, values]) => [split, { ...values }])),
    ...(transfer.crossValidation && { crossValidation: transfer.crossValidation }),
    ...(result.calibration && { calibration: result.calibration }),
    ...(result.decision && { decision: result.decision }),
    backend: { name: backend.name, device: backend.device, ...backend.details },
    headstart: CORE_VERSION,
    provenance: {
      sourceWeights: sourceDigest,
      ...(sourceFiles.length > 0 && { sourceFiles: [...sourceFiles] }),
      plugins: { ...transfer.origins },
    },
  };
}

/** Steps of an epoch. */
function stepsOf<S extends Sample>(run: Run<S>, phase: number): number {
  const { target, batchSize } = run.transfer;
  const { groups } = phaseSamples(run, phase);
  return stepsPerEpoch({ length: epochSamples(target).length, groups }, batchSize, run.random);
}

/** Which epoch's weights a phase left, and why; null of a phase that did not run here. */
function keptOf(chosen: EpochChoice | undefined): Omit<EpochChoice, 'phase'> | null {
  if (!chosen) return null;
  const { phase: _, ...kept } = chosen;
  return kept;
}

/** Every training option but the seed, which the card names by itself, and the steps, which the phases have; null where it was left to the strategy. */
function trainingOf<S extends Sample>(transfer: Transfer<S>): Record<string, unknown> {
  const names = (Object.keys(trainingOptions) as (keyof typeof trainingOptions)[]).filter(
    (name) => name !== 'seed' && name !== 'steps',
  );
  return Object.fromEntries(names.map((name) => [name, transfer[name] ?? null]));
}
