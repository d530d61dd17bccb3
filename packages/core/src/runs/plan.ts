import type { OptimiserPlan, SchedulePlan } from '../strategies/strategy.ts';
import type { ResolvedChoice } from './choice.ts';
import type { ReadingReport } from './reading-report.ts';
import type { TransferRequest } from './request.ts';

/** A phase of a plan, with the work that it will be. */
export interface PhasePlan {
  readonly name: string;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Steps of the whole phase, unless it is stopped early. */
  readonly steps: number;
  /** Stages that train, each with its rate multiplier. */
  readonly trainable: Readonly<Record<string, number>>;
  /** Numbers that train. */
  readonly trainableParameters: number;
  readonly frozen: readonly string[];
  /** Leading stages that are computed once per sample and view, and not at all for what the feature store has. */
  readonly cached: readonly string[];
  /** Views kept of each sample, where stages are cached. */
  readonly views: number;
  readonly optimiser: OptimiserPlan;
  readonly schedule: SchedulePlan;
  /** Share of each label that is spread over all classes. */
  readonly labelSmoothing: number;
  /** Loss terms beside the task's loss, or in its place. */
  readonly losses: readonly string[];
}

/** What a request comes to before anything runs. */
export interface TransferPlan extends ReadingReport {
  /** The request with every choice filled in; `train` takes it as it is. */
  readonly request: TransferRequest;
  /** Every choice with its reason. */
  readonly choices: readonly ResolvedChoice[];
  /** Samples by split; `unlabelled` where there are some to adapt to. */
  readonly samples: Readonly<Record<string, number>>;
  /** In the order of the head's outputs. */
  readonly labels: readonly string[];
  readonly skipped: readonly { readonly id: string; readonly reason: string }[];
  readonly phases: readonly PhasePlan[];
}
