import type { Sample } from '../domains/target-domain.ts';
import type { FeatureStore } from '../data/feature-store.ts';
import { canBeOpenedAgain, type LeftOut } from '../models/left-out.ts';
import type { SourceFile } from '../models/source-files.ts';
import type { Teacher } from '../models/teacher.ts';
import { bottleneckOf } from '../network/bottleneck.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import type { StoredValue } from '../network/variable-values.ts';
import type { Backbone } from '../network/backbone.ts';
import { withSampleWeights } from '../data/sample-weights.ts';
import type { LossOptions } from '../tasks/task.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Backend } from '../ports/backend.ts';
import type { Progress } from '@headstart/artifacts';
import type { Phase } from '../strategies/strategy.ts';
import type { Encoder } from '../data/encoder.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { EventBus } from './event-bus.ts';
import type { Warn } from './reported-metrics.ts';
import type { RunState } from './run-state.ts';
import { damageOf } from '../data/prefix-rows.ts';
import type { DataContext } from '../data/split-data.ts';
import type { TeacherParts } from './train-step.ts';
import type { Transfer } from './transfer.ts';

/** A transfer under way: what its parts share. */
export interface Run<S extends Sample = Sample> {
  readonly transfer: Transfer<S>;
  readonly backend: Backend;
  readonly store: FeatureStore;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly events: EventBus;
  /** Registered metrics. */
  readonly metrics: readonly Metric[];
  /** Emits a warning, each once per run. */
  readonly warnOnce: Warn;
  /** The run's seed; every draw takes a child named after its purpose. */
  readonly random: RandomStream;
  readonly model: TransferModel;
  readonly encoder: Encoder<S>;
  readonly phases: readonly Phase[];
  /** SHA-256 of the source's published values; null where the strategy begins with random ones. */
  readonly sourceDigest: string | null;
  /** What the source was opened from. */
  readonly sourceFiles: readonly SourceFile[];
  /** The source's weights, where a loss term asks for them. */
  readonly initial: ReadonlyMap<string, StoredValue>;
  /** The source with its own head, where a loss term learns from it. */
  readonly teacher: Teacher | undefined;
  readonly state: RunState;
  /** When it would have begun without an interruption, by `performance.now()`. */
  readonly begun: number;
  /** The checkpoint that the run was resumed from; used up by its phase. */
  checkpoint: Checkpoint | undefined;
}

/** Leading stages that no phase up to this one trains: they give what the source's give. */
export function untouchedStages({ model, phases }: Pick<Run, 'model' | 'phases'>, phase: number): number {
  return Math.min(...phases.slice(0, phase + 1).map(({ trainable }) => model.frozenPrefix(trainable)));
}

/** What of the model need not be saved: what training left as the source has it, where that can be opened again. */
export function leftToSource<S extends Sample>(run: Run<S>): LeftOut | undefined {
  const { transfer, model, phases } = run;
  if (transfer.standalone || transfer.strategy.start !== 'source') return undefined;
  if (!canBeOpenedAgain(transfer.source, model.backbone)) return undefined;
  const ofSource = model.backbone.stages.length - (bottleneckOf(model.backbone) ? 1 : 0);
  return untouchedStages(run, phases.length - 1) >= ofSource ? 'backbone' : 'fixed';
}

/** What a phase's loss terms learn from as a teacher, where there is one. */
export function teacherOf<S extends Sample>(run: Run<S>, phase: number): TeacherParts | undefined {
  return run.teacher && { teacher: run.teacher, untouched: untouchedStages(run, phase) };
}

/** What the task's loss is to heed, in a phase or where none has a say. */
export function lossOptions(
  { task, labelSmoothing, lossWeights }: Pick<Transfer, 'task' | 'labelSmoothing' | 'lossWeights'>,
  phase?: Phase,
): LossOptions {
  const advised = task.weighsClasses === 'one' ? phase?.labelSmoothing : undefined;
  return { labelSmoothing: labelSmoothing ?? advised ?? 0, ...(lossWeights && { classWeights: lossWeights }) };
}

/** The encoder of a run's samples: the task's, with what each sample counts. */
export function runEncoder<S extends Sample>(
  { task, target, augmentation }: Pick<Transfer<S>, 'task' | 'target' | 'augmentation'>,
  backbone: Backbone,
): Encoder<S> {
  return withSampleWeights(task.encoder({ backbone, labels: target.labels, augmentation }), target.splits.train);
}

/** Digests of the leading stages of runs' models, of those that no phase so far trains: their values stay. */
const digests = new WeakMap<TransferModel, Map<number, Promise<string>>>();

function prefixDigest(run: Pick<Run, 'model' | 'phases' | 'state' | 'sourceDigest'>, prefix: number): Promise<string> {
  const { model, state, sourceDigest } = run;
  if (prefix > untouchedStages(run, state.phase)) return model.prefixDigest(prefix);
  const known = digests.get(model) ?? new Map<number, Promise<string>>();
  digests.set(model, known);
  const ofSource = prefix === model.backbone.stages.length ? sourceDigest : null;
  const digest = known.get(prefix) ?? (ofSource === null ? model.prefixDigest(prefix) : Promise.resolve(ofSource));
  known.set(prefix, digest);
  return digest;
}

/** What reading a split needs of a run. Time spent on features is booked here. */
export function dataContext<S extends Sample>(run: Run<S>): DataContext<S> {
  return {
    backend: run.backend,
    store: run.store,
    model: run.model,
    encoder: run.encoder,
    digestOf: (prefix) => prefixDigest(run, prefix),
    progress: run.progress,
    signal: run.signal,
    async onFeatures(features) {
      run.state.seconds.features += features.seconds;
      const damage = damageOf(features);
      if (damage) await run.events.emit('warning', `${damage.message} ${damage.hint}`);
      await run.events.emit('features', features);
    },
  };
}
