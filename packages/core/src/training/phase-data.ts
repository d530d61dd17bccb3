import { dispose } from '@tensorflow/tfjs-core';
import { cyclingBatches, prefetch, type BatchLoader } from '../data/batches.ts';
import { inputTensors, toTensors } from '../data/encode-batch.ts';
import type { Encoder, HostBatch } from '../data/encoder.ts';
import { withGroups } from '../data/group-batches.ts';
import { openSplit, type DataContext } from '../data/split-data.ts';
import { withoutTargets } from '../data/without-targets.ts';
import type { Dataset, Sample } from '../domains/target-domain.ts';
import type { TensorSpecs } from '../network/tensors.ts';
import type { StoredValue } from '../network/variable-values.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { Phase } from '../strategies/strategy.ts';
import type { StepBatch } from './batch-loss.ts';
import { inferenceOf, type Inference } from './evaluate.ts';
import { hasHeadFeature } from './head-features.ts';
import { learnsTask, needsOf } from './loss-needs.ts';
import { compileOpinions } from './opinions.ts';
import { passedOver } from './passed-over.ts';
import { appliedSamples } from './derived-samples.ts';
import { phaseSamples } from './phase-samples.ts';
import { dataContext, type Run } from './run.ts';
import {
  classesOf,
  criterionSamples,
  hasCriteria,
  looksAtFeatures,
  type CriterionJudging,
} from './unlabelled-criteria.ts';

/** Samples that a phase is judged on after every epoch, and the step that does it. */
export interface Judging {
  readonly loader: BatchLoader;
  readonly forward: Inference;
}

/** What a phase trains and is judged on. */
export interface PhaseData {
  /** The samples that epochs go through: the labelled ones, or where a strategy is source-free the unlabelled ones. */
  readonly samples: BatchLoader;
  readonly labelled?: BatchLoader;
  readonly unlabelled?: BatchLoader;
  readonly validation?: Judging;
  /** Samples that tell epochs apart of a phase that adapts to unlabelled ones. */
  readonly criteria?: CriterionJudging;
  /** Samples of the test domain, without what is known of them; see `Transfer.judge`. */
  readonly judged?: Judging;
  /** What the phase's own targets are called and look like; none where they are the truth of the unlabelled samples. */
  readonly derived: TensorSpecs;
  /** Takes up what was derived of the unlabelled samples: where it is their truth, their batches come with targets from then on. */
  applyDerived(values: ReadonlyMap<string, StoredValue>): Promise<void>;
  close(): Promise<void>;
}

/** Which batches a stretch of steps takes. */
export interface StepOrder {
  /** Positions among the samples that epochs go through, a batch per step. */
  readonly batches: readonly Uint32Array[];
  /** The step of the phase that the first of them is for. */
  readonly first: number;
  /** Names the draws of augmentation. */
  readonly epoch: number;
  /** Names the order in which unlabelled samples come round beside labelled ones. */
  readonly unlabelled: RandomStream;
}

/** One step's batches on the host; each kind of sample comes round in an order of its own. */
interface HostStepBatch {
  readonly labelled?: HostBatch;
  readonly unlabelled?: HostBatch;
}

/** Opens the training, unlabelled and validation samples of a phase, features of frozen stages in their place where that pays. */
export async function openPhaseData<S extends Sample>(run: Run<S>, phase: Phase): Promise<PhaseData> {
  const { transfer, model, random } = run;
  const { train, validation } = transfer.target.splits;
  const opened: BatchLoader[] = [];
  const forwards: Inference[] = [];
  const close = async () => {
    for (const forward of forwards) forward.dispose();
    for (const loader of opened) await loader.close();
  };
  const open = async (
    context: DataContext<S>,
    samples: Dataset<S>,
    at: number,
    ...more: [Parameters<typeof openSplit>[3]?]
  ) => {
    const loader = await openSplit(context, samples, at, ...more);
    opened.push(loader);
    return loader;
  };
  const { prefix, views, groups, balanced } = phaseSamples(run, run.state.phase);
  const needs = needsOf([phase]);
  const context = dataContext(run);
  const altered = (name: string) => ({
    policy: transfer.augmentation,
    random: random.child(name, run.state.phase),
    views,
  });
  try {
    const encoder = needs.groups ? withGroups(run.encoder) : run.encoder;
    const labelled = transfer.strategy.sourceFree
      ? undefined
      : { ...(await open({ ...context, encoder }, train, prefix, altered('augment'))), groups, balanced };
    const openUnlabelled = (encoder: Encoder<S>, samples: Dataset<S>) =>
      open({ ...context, encoder }, samples, prefix, altered('augment-unlabelled'));
    const others = transfer.target.unlabelled!;
    const unlabelled = needs.unlabelled ? await openUnlabelled(withoutTargets(run.encoder), others) : undefined;
    const samples = labelled ?? unlabelled!;
    if (transfer.augmentation !== 'none' && samples.from > 0 && views === 1) {
      await run.events.emit(
        'warning',
        `Phase "${phase.name}" trains on cached features of unaltered samples; --views N caches N views altered by "${transfer.augmentation}".`,
      );
    }
    for (const sentence of passedOver(transfer, phase, { groups })) await run.events.emit('warning', sentence);
    const judging = async (encoder: Encoder<S>, samples: Dataset<S>, features = false): Promise<Judging> => {
      const loader = await open({ ...context, encoder }, samples, prefix);
      if (!features) return { loader, forward: inferenceOf(run.backend, model, loader.from) };
      const forward = compileOpinions(run.backend, model, loader.from);
      forwards.push(forward);
      return { loader, forward };
    };
    const plain = withoutTargets(run.encoder);
    const criteria = async (): Promise<CriterionJudging> => {
      const features = looksAtFeatures(transfer) && hasHeadFeature(model, run.encoder);
      const some = (samples: Dataset<S>, name: string) => criterionSamples(samples, random.child(name));
      const unlabelled = await judging(plain, some(transfer.target.unlabelled!, 'criteria'), features);
      const own = some(validation, 'criteria-validation');
      const labels = features ? classesOf(own) : undefined;
      return { unlabelled, ...(labels && { validation: { ...(await judging(plain, own, true)), labels } }) };
    };
    const adapts = hasCriteria(transfer.task, phase);
    const data = {
      samples,
      labelled,
      unlabelled,
      ...(validation.length > 0 && learnsTask(phase) && { validation: await judging(run.encoder, validation) }),
      ...(adapts && { criteria: await criteria() }),
      ...(adapts && transfer.judge && { judged: await judging(plain, transfer.judge.samples) }),
      derived: phase.derived && !phase.derived.truth ? phase.derived.specs(transfer.target.labels) : {},
      async applyDerived(values: ReadonlyMap<string, StoredValue>) {
        if (phase.derived?.truth)
          data.unlabelled = await openUnlabelled(run.encoder, appliedSamples(others, phase.derived, values));
      },
      close,
    };
    return data;
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * The batches of some steps, the next ones being loaded meanwhile. What `use` is given is disposed after it.
 * @param size samples per unlabelled batch
 * @param derived the phase's own targets of the unlabelled samples, by name
 * @param use gives `stop` to take no further batch
 */
export async function forEachStep(
  data: PhaseData,
  { batches, first, epoch, unlabelled: order }: StepOrder,
  size: number,
  derived: ReadonlyMap<string, StoredValue>,
  use: (batch: StepBatch, samples: number, index: number) => Promise<'stop' | void>,
): Promise<void> {
  const { labelled, unlabelled } = data;
  const turns = labelled && unlabelled && cyclingBatches(unlabelled.length, size, order);
  const load = async (index: number): Promise<HostStepBatch> => {
    const others = labelled ? turns?.(first + index) : batches[index]!;
    const [own, other] = await Promise.all([
      labelled?.load(batches[index]!, epoch),
      others && unlabelled!.load(others, epoch).then((batch) => withDerived(batch, data, derived, others)),
    ]);
    return { labelled: own, unlabelled: other };
  };
  let index = 0;
  for await (const host of prefetch([...batches.keys()], load)) {
    const batch = toDevice(data, host);
    const answer = await use(batch, batches[index]!.length, index).finally(() => dispose(batch as never));
    if (host.labelled) labelled!.release?.(host.labelled);
    if (host.unlabelled) unlabelled!.release?.(host.unlabelled);
    index += 1;
    if (answer === 'stop') break;
  }
}

function toDevice({ labelled, unlabelled, derived }: PhaseData, host: HostStepBatch): StepBatch {
  const own = host.labelled && {
    inputs: inputTensors(labelled!.inputs, host.labelled),
    targets: toTensors(labelled!.targets, host.labelled.targets, host.labelled.size),
  };
  if (!unlabelled || !host.unlabelled) return { ...own };
  const { size } = host.unlabelled;
  return {
    ...own,
    unlabelled: {
      inputs: inputTensors(unlabelled.inputs, host.unlabelled),
      derived: toTensors({ ...unlabelled.targets, ...derived }, host.unlabelled.targets, size),
    },
  };
}

/** The batch with the phase's own targets of its samples beside those that the encoder gave. */
function withDerived(
  batch: HostBatch,
  { derived: specs }: PhaseData,
  derived: ReadonlyMap<string, StoredValue>,
  positions: Uint32Array,
): HostBatch {
  const own = Object.keys(specs).map((name): [string, Float32Array] => {
    const { shape, data } = derived.get(name)!;
    const width = data.length / shape[0]!;
    const rows = new Float32Array(positions.length * width);
    positions.forEach((position, i) => rows.set(data.subarray(position * width, (position + 1) * width), i * width));
    return [name, rows];
  });
  return { ...batch, targets: { ...batch.targets, ...Object.fromEntries(own) } };
}
