import type { AdapterPlan } from '../network/adapters.ts';
import type { StageInfo } from '../network/head.ts';
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { TuningAdvice } from '../network/backbone.ts';

/** What the user allows: strategies spread it over their phases. */
export interface Budget {
  readonly epochs: number;
  /** The head's peak learning rate; the strategy's own where absent. */
  readonly learningRate?: number;
  readonly weightDecay?: number;
}

/** An extra loss term. Called inside the step with the phase's trainable weights. */
export interface Penalty {
  readonly name: string;
  /** Whether `initial` is needed. */
  readonly anchored: boolean;
  compute(targets: readonly PenaltyTensors[]): Scalar;
}

/** A trainable weight as the step sees it: current and source value on the device. */
export interface PenaltyTensors {
  readonly stage: string;
  readonly name: string;
  readonly decay: boolean;
  readonly value: Tensor;
  readonly initial?: Tensor;
}

/** What a phase learns in place of the task's loss: where samples that belong together lie, whatever the head says. */
export interface Objective {
  readonly name: string;
  /**
   * The batch's mean loss. Called inside the step.
   * @param embeddings the backbone's last feature, `[batch, width]`
   * @param groups int32 `[batch]`; samples of one label share a number
   */
  loss(embeddings: Tensor2D, groups: Tensor1D): Scalar;
}

/** How the weights of a phase are moved: AdamW (Loshchilov and Hutter, 2019), or SGD with Nesterov momentum. */
export interface OptimiserPlan {
  readonly kind: 'adamw' | 'sgd';
  /** Peak learning rate; each stage multiplies it by its rate. */
  readonly learningRate: number;
  /** On variables with `decay`: decoupled for AdamW (Loshchilov and Hutter, 2019), added to the gradient for SGD. */
  readonly weightDecay: number;
  /** Largest global gradient norm; gradients beyond it are scaled down. */
  readonly clipNorm?: number;
}

/** How the learning rate goes over the steps of a phase: up to its peak, then as `decay` says. */
export interface SchedulePlan {
  /** Share of the phase's steps over which the rate rises linearly from zero. */
  readonly warmup: number;
  readonly decay: 'cosine' | 'constant';
}

/** A part of a run in which the same stages train. */
export interface Phase {
  readonly name: string;
  readonly epochs: number;
  /** Trainable stages with their share of the learning rate; every other stage is frozen. */
  readonly trainable: Readonly<Record<string, number>>;
  readonly optimiser: OptimiserPlan;
  readonly schedule: SchedulePlan;
  readonly penalties?: readonly Penalty[];
  /**
   * What is learned in place of the task's loss. The head has no part in it and is not to be among the
   * trainable stages; batches hold two samples at least of each label that is in them (and has two), and
   * nothing is evaluated between epochs, since the head does not know the features yet.
   */
  readonly objective?: Objective;
  /**
   * Trains low-rank adapters of the trainable stages' weight matrices, and nothing else of the backbone. Goes
   * for all phases of a strategy that train the backbone, with one plan; penalties know nothing of adapters.
   */
  readonly adapters?: AdapterPlan;
  /**
   * Whether trained stages normalise by batches and move their averages. False for weights from a
   * source: its averages come from far more data than the target has, and a head that was fitted to
   * features normalised by them would meet others (what batch norm does differs in training).
   */
  readonly batchStatistics: boolean;
  /** Fit the head's feature statistics before the phase (whole backbone frozen). */
  readonly fitHead?: boolean;
}

/** How knowledge is carried over: which stages train when, at what rate, under which regulariser. */
export interface Strategy {
  readonly id: string;
  readonly description: string;
  /** `source` starts from published weights, `random` draws fresh ones for every stage. */
  readonly start: 'source' | 'random';
  /** What serves most users; a request overrides it. */
  readonly defaults: { readonly epochs: number; readonly batchSize: number };
  /**
   * @param stages the backbone's stages, input first; the head is `HEAD`
   * @param tuning rates that suit the backbone's architecture, where it has a say in them
   */
  plan(stages: readonly StageInfo[], budget: Budget, tuning?: TuningAdvice): readonly Phase[];
  /**
   * The strategy with what follows a colon after its id: `lora:8`. Its id is then the whole name.
   * @throws HeadstartError `invalid-option`
   */
  withOptions?(options: string): Strategy;
}
