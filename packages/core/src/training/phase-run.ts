import {
  dispose,
  scalar,
  tensor,
  tensor1d,
  tidy,
  type Scalar,
  type Tensor,
  type Variable,
} from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Sample } from '../domains/target-domain.ts';
import type { Adapters } from '../network/adapters.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import { type StoredValue, readValues, writeValues } from '../network/variable-values.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { stepSeed } from '../random/step-random.ts';
import type { Backend, CompiledStep } from '../ports/backend.ts';
import type { Precision } from '../ports/precision.ts';
import type { Phase } from '../strategies/strategy.ts';
import type { LossOptions, Task } from '../tasks/task.ts';
import { prefixed, under } from './checkpoint.ts';
import type { StepBatch } from './batch-loss.ts';
import { needsOf } from './loss-needs.ts';
import { LossScale } from './loss-scale.ts';
import { diverged, notFinite } from './divergence.ts';
import { MovingAverage } from './moving-average.ts';
import { createOptimiser, ratesAt, type Optimiser, type Trainable } from './optimiser.ts';
import { rateAt } from './schedule.ts';
import { trainables } from './trainables.ts';
import {
  gradientStep,
  lossAndGradients,
  updateStep,
  type GradientStep,
  type StepParts,
  type TeacherParts,
} from './train-step.ts';

export interface PhaseOptions<S extends Sample> {
  readonly backend: Backend;
  readonly model: TransferModel;
  readonly task: Task<S>;
  readonly phase: Phase;
  /** The stage whose inputs the batches hold. */
  readonly from: number;
  /** The same of unlabelled batches, where it is another one. */
  readonly unlabelledFrom?: number;
  /** The source's values, for loss terms that ask for them; by weight name. */
  readonly initial: ReadonlyMap<string, StoredValue>;
  readonly loss: LossOptions;
  readonly teacher?: TeacherParts;
  readonly ema?: number;
  /** What forward and backward pass are computed in; `float32` where absent. */
  readonly precision?: Precision;
  readonly learningRate: number;
  /** All steps of the phase. */
  readonly steps: number;
  /** Names the phase's draws inside the step (dropout). */
  readonly random: RandomStream;
}

const BEYOND_FLOAT16 = 'Lower --learning-rate, or give --precision bfloat16, which has the range of float32.';

type Compiled<Step extends (...args: never[]) => unknown> = CompiledStep<Parameters<Step>, ReturnType<Step>>;

/** What lives on the device while a phase runs: optimiser slots, moving average, anchors, the step. */
export class PhaseRun<S extends Sample> {
  readonly weights: readonly Trainable[];
  readonly #options: PhaseOptions<S>;
  readonly #optimiser: Optimiser;
  readonly #average: MovingAverage | undefined;
  readonly #adapters: Adapters | undefined;
  readonly #scaling: LossScale | undefined;
  readonly #anchors: Map<string, Tensor>;
  readonly #parts: StepParts<S>;
  readonly #gradientStep: Compiled<GradientStep>;
  readonly #updateStep: Compiled<ReturnType<typeof updateStep>>;

  constructor(options: PhaseOptions<S>) {
    const { backend, model, task, phase, from, unlabelledFrom, initial, loss, teacher, ema, precision } = options;
    this.#options = options;
    this.weights = trainables(model, phase);
    this.#adapters = phase.adapters && model.adapters;
    this.#optimiser = createOptimiser(phase.optimiser, this.weights);
    this.#average = ema === undefined ? undefined : new MovingAverage(this.weights);
    // bfloat16 has the range of float32: its gradients do not vanish.
    this.#scaling = precision === 'float16' ? new LossScale() : undefined;
    this.#anchors = anchorsOf(phase, this.weights, initial);
    this.#parts = {
      model,
      task,
      phase,
      from,
      unlabelledFrom,
      prefix: model.frozenPrefix(phase.trainable),
      weights: this.weights,
      anchors: this.#anchors,
      loss,
      teacher,
    };
    this.#gradientStep = backend.compile(gradientStep(this.#parts, this.#scaling), { precision });
    this.#updateStep = backend.compile(
      updateStep(this.weights, this.#optimiser, this.#average, this.#scaling, this.#adapters),
      { elementwise: !this.#adapters },
    );
  }

  /** The peak of the phase's rates. */
  get learningRate(): number {
    return this.#options.learningRate;
  }

  learningRateAt(step: number): number {
    return this.#options.learningRate * rateAt(this.#options.phase.schedule, step, this.#options.steps);
  }

  /**
   * One update. @param step from 0 within the phase
   * @throws HeadstartError `diverged` where the loss is not a finite number, or no scale makes the gradients so
   */
  async step(batch: StepBatch, step: number, learningRate = this.learningRateAt(step)): Promise<number> {
    const rates = ratesAt(step, scalar(learningRate), this.#options.ema);
    const seed = this.#seedOf(step);
    const progress = this.#progressAt(step);
    let value: number;
    let scale: number | undefined;
    try {
      const { loss, ...gradients } = await this.#gradientStep({ ...batch, ...progress }, seed);
      try {
        await this.#updateStep(gradients, rates);
        [value, scale] = (await loss.data()) as unknown as [number, number?];
      } finally {
        dispose([loss, gradients] as never);
      }
    } finally {
      dispose([rates, seed, progress] as never);
    }
    if (!Number.isFinite(value)) {
      if (step === 0 && scale === undefined) throw notFinite(value, this.#options);
      throw diverged(
        value,
        { phase: this.#options.phase, step, learningRate },
        scale === undefined ? undefined : BEYOND_FLOAT16,
      );
    }
    if (scale !== undefined && scale < 1) {
      throw new HeadstartError({
        code: 'diverged',
        message: `The gradients of phase "${this.#options.phase.name}" are not finite in float16 by step ${step + 1}, also without a scaled loss.`,
        hint: BEYOND_FLOAT16,
      });
    }
    return value;
  }

  /** Loss and gradients without an update; what a dry run or a test looks at. */
  gradients(batch: StepBatch) {
    return tidy(
      () => lossAndGradients(this.#parts, { ...batch, ...this.#progressAt(0) }, this.#seedOf(0)) as never,
    ) as ReturnType<typeof lossAndGradients>;
  }

  /** What loss terms see of where the phase stands; nothing where it has none. */
  #progressAt(step: number): { progress?: Scalar } {
    const { phase, steps } = this.#options;
    return phase.losses?.length ? { progress: scalar(Math.min(step, steps - 1) / steps) } : {};
  }

  #seedOf(step: number): Tensor {
    return tensor1d(stepSeed(this.#options.random.child(step)), 'int32');
  }

  /** Runs work with the averaged weights in place, where an average is kept. */
  async withAverage<T>(work: () => Promise<T>): Promise<T> {
    this.#swap();
    try {
      return await work();
    } finally {
      this.#swap();
    }
  }

  /** Leaves the averaged weights in the model for good. */
  adoptAverage(): void {
    this.#swap();
  }

  /** Exchanges weights and averages; weights that are made of averaged factors follow. */
  #swap(): void {
    if (!this.#average) return;
    this.#average.swap();
    this.#adapters?.merge();
  }

  /** The optimiser's slots, the loss's scale and the average, for a checkpoint. */
  async state(): Promise<Map<string, StoredValue>> {
    return new Map([
      ...prefixed('optimiser/', await readSlots(this.#optimiser.slots)),
      ...prefixed('loss-scale/', this.#scaling ? await readSlots(this.#scaling.slots) : []),
      ...prefixed('average/', this.#average ? await readSlots(this.#average.shadows) : []),
    ]);
  }

  async restore(tensors: ReadonlyMap<string, StoredValue>): Promise<void> {
    await restoreSlots(this.#optimiser.slots, under(tensors, 'optimiser/'));
    if (this.#scaling) await restoreSlots(this.#scaling.slots, under(tensors, 'loss-scale/'));
    if (this.#average) await restoreSlots(this.#average.shadows, under(tensors, 'average/'));
  }

  dispose(): void {
    this.#gradientStep.dispose();
    this.#updateStep.dispose();
    this.#optimiser.dispose();
    this.#average?.dispose();
    this.#scaling?.dispose();
    for (const anchor of this.#anchors.values()) anchor.dispose();
  }
}

function anchorsOf(
  phase: Phase,
  weights: readonly Trainable[],
  initial: ReadonlyMap<string, StoredValue>,
): Map<string, Tensor> {
  const anchors = new Map<string, Tensor>();
  if (!needsOf([phase]).sourceWeights) return anchors;
  for (const { name } of weights) {
    const value = initial.get(name);
    if (value) anchors.set(name, tensor(value.data, [...value.shape], 'float32'));
  }
  return anchors;
}

function asVariables(slots: ReadonlyMap<string, Variable>) {
  return [...slots].map(
    ([name, value]) =>
      [name, { name, value, role: 'statistic', decay: false }] as [
        string,
        { name: string; value: Variable; role: 'statistic'; decay: boolean },
      ],
  );
}

function readSlots(slots: ReadonlyMap<string, Variable>): Promise<Map<string, StoredValue>> {
  return readValues(asVariables(slots));
}

function restoreSlots(slots: ReadonlyMap<string, Variable>, values: ReadonlyMap<string, StoredValue>): Promise<void> {
  return writeValues(asVariables(slots), values, 'The checkpoint');
}
