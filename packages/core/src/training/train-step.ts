// Registers the gradients of all ops: the core package alone does so only for bundlers.
import '@tensorflow/tfjs';
import {
  add,
  div,
  mul,
  stack,
  tidy,
  zerosLike,
  type NamedTensorMap,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { Sample } from '../domains/target-domain.ts';
import type { Adapters } from '../network/adapters.ts';
import type { ForwardMode } from '../network/stage.ts';
import type { Tensors } from '../network/tensors.ts';
import type { Teacher } from '../models/teacher.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import { StepRandom } from '../random/step-random.ts';
import type { Phase } from '../strategies/strategy.ts';
import { headFeature, pooledFeature } from '../network/head-feature.ts';
import type { LossOptions, Task, Teaching } from '../tasks/task.ts';
import { explainedGradients } from './explained-gradients.ts';
import { GROUP } from '../data/group-batches.ts';
import { keepOnlyIf, type LossScale } from './loss-scale.ts';
import type { MovingAverage } from './moving-average.ts';
import { clippingFactor, type Optimiser, type StepRates, type Trainable } from './optimiser.ts';

/** Where classes of the source are kept: what they are learned from. */
export interface TeachingParts {
  readonly teacher: Teacher;
  /** See `Teaching.kept`. */
  readonly kept: readonly number[];
  /** Leading stages of the model that are as the source's are; batches hold the inputs of one of them, or of the next. */
  readonly untouched: number;
}

export interface StepParts<S extends Sample> {
  readonly model: TransferModel;
  readonly task: Task<S>;
  readonly phase: Phase;
  /** The stage whose inputs the batch holds: 0, or the frozen prefix's length where it is cached. */
  readonly from: number;
  /** The first trainable stage. Stages between `from` and it run frozen, outside the gradient. */
  readonly prefix: number;
  readonly weights: readonly Trainable[];
  /** The source's values on the device, for penalties that are anchored to them; by weight name. */
  readonly anchors: ReadonlyMap<string, Tensor>;
  readonly loss: LossOptions;
  readonly teaching?: TeachingParts;
}

export interface Gradients {
  readonly loss: Scalar;
  /** One a trainable weight, in their order. */
  readonly gradients: readonly Tensor[];
}

/**
 * Loss and gradients of a batch. Moves the batch-norm statistics of trainable stages.
 * @param seed of what the step draws, int32 [2]
 * @param scale what the loss is multiplied by before its gradients are computed; they come out multiplied
 */
export function lossAndGradients<S extends Sample>(
  parts: StepParts<S>,
  inputs: Tensors,
  targets: Tensors,
  seed: Tensor,
  scale?: Scalar,
): Gradients {
  const { model, phase, from, prefix, weights } = parts;
  const random = new StepRandom(seed);
  const mode = (stage: string): ForwardMode =>
    phase.trainable[stage] === undefined
      ? { training: false }
      : { training: true, batchStatistics: phase.batchStatistics, random: random.child(stage) };
  const features = model.forward(inputs, from, prefix);
  const taught: StepParts<S> = { ...parts, loss: { ...parts.loss, teaching: teachingOf(parts, inputs, features) } };
  const { value, grads } = explainedGradients(() => {
    const loss = withPenalties(batchLoss(taught, features, targets, mode), parts);
    return scale ? mul<Scalar>(loss, scale) : loss;
  }, [...new Set(weights.map(usedVariable))]);
  const loss = scale ? div<Scalar>(value, scale) : value;
  return { loss, gradients: weights.map((weight) => gradientOf(weight, grads)) };
}

/** What the source says of the batch, from the features where the frozen stages are still its own. */
function teachingOf<S extends Sample>(
  { teaching, phase, from, prefix }: StepParts<S>,
  inputs: Tensors,
  features: Tensors,
): Teaching | undefined {
  if (!teaching || phase.objective) return undefined;
  const { teacher, kept, untouched } = teaching;
  return { kept, outputs: prefix <= untouched ? teacher.forward(features, prefix) : teacher.forward(inputs, from) };
}

/** The variable by which the network meets a trainable: its own, or the weight that it is a factor of. */
function usedVariable({ variable, factorOf }: Trainable): Variable {
  return factorOf?.weight ?? variable.value;
}

function gradientOf(trainable: Trainable, grads: NamedTensorMap): Tensor {
  const used = usedVariable(trainable);
  const gradient = grads[used.name] ?? zerosLike(used);
  return trainable.factorOf?.gradient(gradient) ?? gradient;
}

/** The task's loss, or that of the phase's own objective on what the backbone gives. */
function batchLoss<S extends Sample>(
  { model, task, phase, prefix, loss }: StepParts<S>,
  features: Tensors,
  targets: Tensors,
  mode: (stage: string) => ForwardMode,
): Scalar {
  if (!phase.objective) return task.loss(model.forward(features, prefix, model.stages.length, mode), targets, loss);
  const outputs = model.forward(features, prefix, model.backbone.stages.length, mode);
  return phase.objective.loss(pooledFeature(headFeature(model.backbone), outputs), targets[GROUP] as Tensor1D);
}

function withPenalties<S extends Sample>(loss: Scalar, { phase, weights, anchors }: StepParts<S>): Scalar {
  if (!phase.penalties?.length) return loss;
  const tensors = weights.map(({ name, stage, variable }) => ({
    stage,
    name,
    decay: variable.decay,
    value: variable.value,
    initial: anchors.get(name),
  }));
  return phase.penalties.reduce((sum, penalty) => add(sum, penalty.compute(tensors)), loss);
}

/** What the first half of a training step gives to the second. */
export interface Descent {
  readonly gradients: readonly Tensor[];
  /** What the gradients are to be multiplied by, where they are clipped or come from a scaled loss. */
  readonly factor?: Scalar;
  /** Bool: whether the gradients of a scaled loss can be used. */
  readonly finite?: Scalar;
}

/** @param seed of what the step draws, int32 [2] */
export type DescentStep = (inputs: Tensors, targets: Tensors, seed: Tensor) => Descent & { readonly loss: Tensor };

/**
 * The first half of a training step: forward, gradients, their norm. Gives the loss and what the update
 * needs. Under loss scaling the loss comes as `[loss, scale]`, and statistics that a useless step has
 * moved are put back.
 */
export function descentStep<S extends Sample>(parts: StepParts<S>, scaling?: LossScale): DescentStep {
  const { clipNorm } = parts.phase.optimiser;
  const plain: DescentStep = (inputs, targets, seed) => {
    const { loss, gradients } = lossAndGradients(parts, inputs, targets, seed);
    if (clipNorm === undefined) return { loss, gradients: [...gradients] };
    return { loss, gradients: [...gradients], factor: clippingFactor(gradients, clipNorm) };
  };
  if (!scaling) return (inputs, targets, seed) => tidily(() => plain(inputs, targets, seed));
  const { scale } = scaling;
  const moved = movedStatistics(parts);
  return (inputs, targets, seed) =>
    tidily(() =>
      keepOnlyIf(
        ({ finite }) => finite,
        moved,
        () => {
          const { loss, gradients } = lossAndGradients(parts, inputs, targets, seed, scale);
          return { loss: stack([loss, scale]), gradients: [...gradients], ...scaling.factorFor(gradients, clipNorm) };
        },
      ),
    );
}

/** `tidy`, which knows objects of tensors by an index signature only. */
function tidily<T>(work: () => T): T {
  return tidy<never>(work as never);
}

/** Batch norm's averages in the stages that train. */
function movedStatistics<S extends Sample>({ model, phase }: StepParts<S>): Variable[] {
  const variables = [...model.variables((stage) => phase.trainable[stage] !== undefined)].map(
    ([, variable]) => variable,
  );
  return variables.filter(({ role }) => role === 'statistic').map(({ value }) => value);
}

/** The second half: clipping, the optimiser's update, the moving average, the loss's scale. Element-wise, but for the products of adapters. */
export function updateStep(
  weights: readonly Trainable[],
  optimiser: Optimiser,
  average: MovingAverage | undefined,
  scaling?: LossScale,
  adapters?: Adapters,
) {
  const update = ({ gradients, factor }: Descent, rates: StepRates): void => {
    optimiser.apply(factor ? gradients.map((gradient) => mul(gradient, factor)) : gradients, rates);
    average?.update(rates.emaDecay);
    adapters?.merge();
  };
  if (!scaling) return (descent: Descent, rates: StepRates): void => tidy(() => update(descent, rates));
  const merged = adapters?.weights.map(({ weight }) => weight.value) ?? [];
  const changed = [
    ...merged,
    ...weights.map(({ variable }) => variable.value),
    ...optimiser.slots.values(),
    ...(average?.shadows.values() ?? []),
  ];
  return (descent: Descent, rates: StepRates): void =>
    tidy(() => {
      keepOnlyIf(
        () => descent.finite!,
        changed,
        () => update(descent, rates),
      );
      scaling.update(descent.finite!);
    });
}
