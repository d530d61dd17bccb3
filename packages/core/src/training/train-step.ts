// Registers the gradients of all ops: the core package alone does so only for bundlers.
import '@tensorflow/tfjs';
import { add, mul, tidy, variableGrads, zerosLike, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { Sample } from '../domains/target-domain.ts';
import type { Tensors } from '../models/tensors.ts';
import type { TransferModel } from '../models/transfer-model.ts';
import { StepRandom } from '../random/step-random.ts';
import type { Phase } from '../strategies/strategy.ts';
import type { LossOptions, Task } from '../tasks/task.ts';
import type { MovingAverage } from './moving-average.ts';
import { clippingFactor, type Optimiser, type StepRates, type Trainable } from './optimiser.ts';

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
}

export interface Gradients {
  readonly loss: Scalar;
  /** One a trainable weight, in their order. */
  readonly gradients: readonly Tensor[];
}

/**
 * Loss and gradients of a batch. Moves the batch-norm statistics of trainable stages.
 * @param seed of what the step draws, int32 [2]
 */
export function lossAndGradients<S extends Sample>(
  parts: StepParts<S>,
  inputs: Tensors,
  targets: Tensors,
  seed: Tensor,
): Gradients {
  const { model, task, phase, from, prefix, weights } = parts;
  const random = new StepRandom(seed);
  const mode = (stage: string) =>
    phase.trainable[stage] === undefined ? { training: false } : { training: true, batchStatistics: phase.batchStatistics, random: random.child(stage) };
  const features = model.forward(inputs, from, prefix);
  const { value, grads } = variableGrads(() => {
    const outputs = model.forward(features, prefix, model.stages.length, mode);
    return withPenalties(task.loss(outputs, targets, parts.loss), parts);
  }, weights.map(({ variable }) => variable.value));
  return { loss: value, gradients: weights.map(({ variable: { value: w } }) => grads[w.name] ?? zerosLike(w)) };
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
  /** What the gradients are to be multiplied by, where they are clipped. */
  readonly factor?: Scalar;
}

/** The first half of a training step: forward, gradients, their norm. Gives the loss and what the update needs. */
export function descentStep<S extends Sample>(parts: StepParts<S>) {
  const { clipNorm } = parts.phase.optimiser;
  return (inputs: Tensors, targets: Tensors, seed: Tensor): Descent & { loss: Scalar } =>
    tidy(() => {
      const { loss, gradients } = lossAndGradients(parts, inputs, targets, seed);
      if (clipNorm === undefined) return { loss, gradients: [...gradients] };
      return { loss, gradients: [...gradients], factor: clippingFactor(gradients, clipNorm) };
    });
}

/** The second half: clipping, the optimiser's update, the moving average. Element-wise throughout. */
export function updateStep(optimiser: Optimiser, average: MovingAverage | undefined) {
  return ({ gradients, factor }: Descent, rates: StepRates): void =>
    tidy(() => {
      optimiser.apply(factor ? gradients.map((gradient) => mul(gradient, factor)) : gradients, rates);
      average?.update(rates.emaDecay);
    });
}
