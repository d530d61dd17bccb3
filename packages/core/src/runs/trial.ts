import type { HeadstartError } from '@headstart/artifacts/errors';
import type { EvidenceItems } from '../metrics/evidence-format.ts';
import type { SplitName } from '../domains/target-domain.ts';
import type { ResolvedChoice } from './choice.ts';
import type { EpochInfo } from './events.ts';
import type { TransferPlan } from './plan.ts';
import type { TransferRequest } from './request.ts';

/** A domain that a transfer is judged on. */
export interface TestRequest {
  /** A path, or the id of a registered data set. */
  readonly target: string;
  readonly reader?: string;
  readonly readerOptions?: Readonly<Record<string, string>>;
  readonly skipBad?: boolean;
  /**
   * Which of its samples. Where absent: the test split where the data assign splits or are those trained on, else all of
   * them, as `evaluate` has it.
   */
  readonly split?: SplitName | 'all';
}

/** A transfer that is run to be judged, on one or more domains, item by item; its model is not kept. */
export interface TrialRequest {
  /** As `train` takes it; `out` is the session's matter. */
  readonly transfer: Omit<TransferRequest, 'out'>;
  readonly tests: readonly TestRequest[];
  /** Judges it on its own training samples too, for the gap between training and test. */
  readonly onTraining?: boolean;
}

/** Everything that determines what a trial comes to, as digests and names; the same identity, the same numbers. */
export interface TrialIdentity {
  /** The transfer with every choice filled in, without folders of this machine. */
  readonly transfer: Readonly<Record<string, unknown>>;
  /** Digests of the source's files, or of its model folder. */
  readonly source: string;
  /** Fingerprint of the data that are trained on, split as they are; and of those that are adapted to. */
  readonly train: string;
  readonly adapt?: string;
  /** One per test, in order: fingerprint of the samples that are judged. */
  readonly tests: readonly string[];
  /** Versions of core and of the plugins of its parts; backend and device. */
  readonly code: Readonly<Record<string, string>>;
}

/** What a trial came to on one domain. */
export interface TrialOutcome {
  readonly target: string;
  readonly split: SplitName | 'all';
  readonly samples: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly intervals: Readonly<Record<string, readonly [low: number, high: number]>>;
  /** Names of the samples, and digests of their content. */
  readonly ids: readonly string[];
  readonly digests: readonly string[];
  /** How many of them have the content of a sample that was trained on: of those a score says what was learned by heart. */
  readonly trainedOn: number;
  /** What was predicted of each, in the order of `ids`; absent where the task gives no evidence. */
  readonly items?: EvidenceItems;
}

/** What a trial came to. */
export interface TrialResult {
  readonly identity: TrialIdentity;
  readonly choices: readonly ResolvedChoice[];
  readonly warnings: readonly string[];
  readonly samples: Readonly<Record<string, number>>;
  /** In the order of the tests. */
  readonly outcomes: readonly TrialOutcome[];
  readonly onTraining?: TrialOutcome;
  /** Every epoch of every phase; with validation metrics where there is a validation split. */
  readonly history: readonly EpochInfo[];
  readonly features: { readonly computed: number; readonly reused: number };
  /** Wall-clock; of trials that were run together each one's share. */
  readonly seconds: {
    readonly total: number;
    readonly features: number;
    readonly training: number;
    readonly evaluation: number;
  };
  /** Most resident memory of the process by the end, in bytes. */
  readonly memory: number;
  /** How many trials shared its steps; 1 where it was run by itself. */
  readonly together: number;
  /** See `Backend.details`: what the last bits of its numbers depend on beside its identity. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A trial that failed leaves the others be. */
export type TrialEnd = { readonly result: TrialResult } | { readonly error: HeadstartError };

/** Runs trials one after another or together. What they share (data that were read, sources that are open) is kept between them. */
export interface TrialSession {
  /** What determines a trial, found without a step: data are read, the source is not opened. @throws HeadstartError as `plan` */
  identify(trial: TrialRequest): Promise<TrialIdentity>;
  /** @throws HeadstartError as `train` does before its first step, and for a test that the transfer's model cannot be judged on */
  plan(trial: TrialRequest): Promise<TransferPlan>;
  /** Whether trials can share captured steps: the same frozen features, heads of one shape; equal keys may go together. Undefined: none. */
  stackKey(trial: TrialRequest): Promise<string | undefined>;
  run(trial: TrialRequest, options?: TrialOptions): Promise<TrialResult>;
  /**
   * Trials of one `stackKey`, their heads stacked and trained in one captured step each; every one comes to what `run`
   * gives for it within 1e-6.
   */
  runTogether(trials: readonly TrialRequest[], options?: TrialOptions): Promise<readonly TrialEnd[]>;
  close(): Promise<void>;
}

/** What ends a trial. */
export interface TrialOptions {
  /** Ends the trial at the next step (error code `interrupted`). Nothing of it is left. */
  readonly signal?: AbortSignal;
}
