import '../vendor/tfjs-gradients.ts';
import {
  div,
  mul,
  stack,
  tidy,
  zerosLike,
  type NamedTensorMap,
  type Scalar,
  type Tensor,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { Sample } from '../domains/target-domain.ts';
import type { Adapters } from '../network/adapters.ts';
import type { Teacher } from '../models/teacher.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import { StepRandom } from '../random/step-random.ts';
import type { Phase } from '../strategies/strategy.ts';
import type { LossOptions, Task } from '../tasks/task.ts';
import { batchLoss, type StepBatch } from './batch-loss.ts';
import { explainedGradients } from './explained-gradients.ts';
import { trainsStage } from './loss-needs.ts';
import { keepOnlyIf, type LossScale } from './loss-scale.ts';
import type { MovingAverage } from './moving-average.ts';
import { clippingFactor, type Optimiser, type StepRates, type Trainable } from './optimiser.ts';

/** The source's own network, for loss terms that learn from it. */
export interface TeacherParts {
  readonly teacher: Teacher;
  /** Leading stages of the model that are as the source's are; batches hold the inputs of one of them, or of the next. */
  readonly untouched: number;
}

export interface StepParts<S extends Sample> {
  readonly model: TransferModel;
  readonly task: Task<S>;
  readonly phase: Phase;
  /** The stage whose inputs the batch holds: 0, or the frozen prefix's length where it is cached. */
  readonly from: number;
  /** The same of unlabelled batches, where it is another one. */
  readonly unlabelledFrom?: number;
  /** The first trainable stage. Stages between `from` and it run frozen, outside the gradient. */
  readonly prefix: number;
  readonly weights: readonly Trainable[];
  /** The source's values on the device, for loss terms that ask for them; by weight name. */
  readonly anchors: ReadonlyMap<string, Tensor>;
  readonly loss: LossOptions;
  readonly teacher?: TeacherParts;
}

export interface Gradients {
  readonly loss: Scalar;
  /** One per trainable weight, in their order. */
  readonly gradients: readonly Tensor[];
}

/**
 * Loss and gradients of a batch. Moves the batch-norm statistics of trainable stages.
 * @param seed of what the step draws, int32 [2]
 * @param scale what the loss is multiplied by before its gradients are computed; they come out multiplied
 */
export function lossAndGradients<S extends Sample>(
  parts: StepParts<S>,
  batch: StepBatch,
  seed: Tensor,
  scale?: Scalar,
): Gradients {
  const { weights } = parts;
  const lossOf = batchLoss(parts, batch, new StepRandom(seed));
  const { value, grads } = explainedGradients(() => {
    const loss = lossOf();
    return scale ? mul<Scalar>(loss, scale) : loss;
  }, [...new Set(weights.map(usedVariable))]);
  const loss = scale ? div<Scalar>(value, scale) : value;
  return { loss, gradients: weights.map((weight) => gradientOf(weight, grads)) };
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

/** What the first half of a training step gives to the second. */
export interface StepGradients {
  readonly gradients: readonly Tensor[];
  /** What the gradients are to be multiplied by, where they are clipped or come from a scaled loss. */
  readonly factor?: Scalar;
  /** Bool: whether the gradients of a scaled loss can be used. */
  readonly finite?: Scalar;
}

/** @param seed of what the step draws, int32 [2] */
export type GradientStep = (batch: StepBatch, seed: Tensor) => StepGradients & { readonly loss: Tensor };

/**
 * The first half of a training step: forward, gradients, their norm. Gives the loss and what the update
 * needs. Under loss scaling the loss comes as `[loss, scale]`, and statistics that a useless step has
 * moved are put back.
 */
export function gradientStep<S extends Sample>(parts: StepParts<S>, scaling?: LossScale): GradientStep {
  const { clipNorm } = parts.phase.optimiser;
  const plain: GradientStep = (batch, seed) => {
    const { loss, gradients } = lossAndGradients(parts, batch, seed);
    if (clipNorm === undefined) return { loss, gradients: [...gradients] };
    return { loss, gradients: [...gradients], factor: clippingFactor(gradients, clipNorm) };
  };
  if (!scaling) return (batch, seed) => tidily(() => plain(batch, seed));
  const { scale } = scaling;
  const moved = movedStatistics(parts);
  return (batch, seed) =>
    tidily(() =>
      keepOnlyIf(
        ({ finite }) => finite,
        moved,
        () => {
          const { loss, gradients } = lossAndGradients(parts, batch, seed, scale);
          return { loss: stack([loss, scale]), gradients: [...gradients], ...scaling.factorFor(gradients, clipNorm) };
        },
      ),
    );
}

/** `tidy`, which knows objects of tensors by an index signature only. */
export function tidily<T>(work: () => T): T {
  return tidy<never>(work as never);
}

/** Batch norm's averages in the stages and the layers of loss terms that train. */
function movedStatistics<S extends Sample>({ model, phase }: StepParts<S>): Variable[] {
  const variables = [...model.state((stage) => trainsStage(phase, stage))].map(([, variable]) => variable);
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
  const update = ({ gradients, factor }: StepGradients, rates: StepRates): void => {
    optimiser.apply(factor ? gradients.map((gradient) => mul(gradient, factor)) : gradients, rates);
    average?.update(rates.emaDecay);
    adapters?.merge();
  };
  if (!scaling) return (gradients: StepGradients, rates: StepRates): void => tidy(() => update(gradients, rates));
  const merged = adapters?.weights.map(({ weight }) => weight.value) ?? [];
  const changed = [
    ...merged,
    ...weights.map(({ variable }) => variable.value),
    ...optimiser.slots.values(),
    ...(average?.shadows.values() ?? []),
  ];
  return (gradients: StepGradients, rates: StepRates): void =>
    tidy(() => {
      keepOnlyIf(
        () => gradients.finite!,
        changed,
        () => update(gradients, rates),
      );
      scaling.update(gradients.finite!);
    });
}
