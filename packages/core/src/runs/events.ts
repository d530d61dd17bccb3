import type { ResolvedChoice } from './choice.ts';
import type { ReadingReport } from './reading-report.ts';
import type { Phase } from '../strategies/strategy.ts';

/** What is known after a step of the optimiser; `epoch` and `step` count from 1. */
export interface StepInfo {
  readonly phase: string;
  readonly epoch: number;
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly loss: number;
  readonly learningRate: number;
}

/** What is known after an epoch. `loss` is the mean over its samples, `learningRate` the last step's. */
export interface EpochInfo {
  readonly phase: string;
  /** From 1, within the phase. */
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly seconds: number;
  /** Validation metrics, where there is a validation split, and under `loss` the mean of what its samples cost, of tasks that know it. */
  readonly validation?: Readonly<Record<string, number>>;
  /** Of phases that adapt to unlabelled samples: criteria of what is predicted for them, by name; larger is taken for better. */
  readonly unlabelled?: Readonly<Record<string, number>>;
}

/** The epoch whose weights a phase keeps. */
export interface EpochChoice {
  readonly phase: string;
  /** From 1, within the phase. */
  readonly epoch: number;
  /** How many epochs the phase ran. */
  readonly of: number;
  /**
   * What told it from the others: the monitored `metric`, the validation `loss` among those that are alike in it, being
   * the `later` one of those that are alike in both; a `criterion` of unlabelled samples; or nothing, so that it is the `last`.
   */
  readonly by: 'metric' | 'loss' | 'later' | 'criterion' | 'last';
  /** Completes "epoch 7 is kept: …". */
  readonly why: string;
}

/** What a run reports. Handlers are awaited in order: one that throws ends the run. */
export interface RunEvents {
  choice(choice: ResolvedChoice): void | Promise<void>;
  /** What is said of the data, once they are read and split. */
  reading(report: ReadingReport): void | Promise<void>;
  runStart(run: {
    runId: string;
    directory: string;
    samples: Readonly<Record<string, number>>;
    labels: readonly string[];
    resumed: boolean;
    /** What the source was opened from, of the hub's files by commit; given where it was opened for this run. */
    sourceFiles?: readonly { readonly uri: string; readonly sha256: string }[];
  }): void | Promise<void>;
  phaseStart(phase: {
    phase: Phase;
    index: number;
    count: number;
    /** Epochs that earlier phases ran, also those before a resume: the run's epochs and steps are counted on from them. */
    epochsBefore: number;
    trainableParameters: number;
    frozenStages: readonly string[];
    cachedStages: readonly string[];
  }): void | Promise<void>;
  features(features: {
    stage: string;
    samples: number;
    reused: number;
    computed: number;
    seconds: number;
  }): void | Promise<void>;
  /** Targets, such as pseudo-labels, were made of what the model says of the unlabelled samples; `summary` tells of how many. */
  derived(targets: { phase: string; summary: string }): void | Promise<void>;
  step(step: StepInfo): void | Promise<void>;
  /**
   * `history` holds the phase's epochs so far, this one included, also those before a resume: a
   * handler that decides by it needs no state of its own. Return `stop` to end the phase.
   */
  epochEnd(epoch: EpochInfo, history: readonly EpochInfo[]): void | 'stop' | Promise<void | 'stop'>;
  /** A phase has ended; its weights are those of the chosen epoch. */
  phaseEnd(phase: { index: number; chosen: EpochChoice }): void | Promise<void>;
  checkpoint(checkpoint: { path: string; step: number }): void | Promise<void>;
  warning(message: string): void | Promise<void>;
  /** `model` is its folder; of a trial, whose model is not kept, one that is gone after it, and `metrics` are by domain. */
  runEnd(result: {
    metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
    model: string;
  }): void | Promise<void>;
  /** The run ends with this error, an interruption (`interrupted`) among them. What a handler throws here is passed over. */
  runError(error: unknown): void | Promise<void>;
}
