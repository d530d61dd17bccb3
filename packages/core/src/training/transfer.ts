import type { SourceDomain } from '../domains/source-domain.ts';
import type { Sample, TargetDomain } from '../domains/target-domain.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Precision } from '../ports/precision.ts';
import type { Task } from '../tasks/task.ts';

/** One run with every choice made: source × target × task × strategy × seed. */
export interface Transfer<S extends Sample = Sample> {
  readonly runId: string;
  /** Folder of the run and, in the end, of the model. */
  readonly directory: string;
  readonly source: SourceDomain;
  readonly target: TargetDomain<S>;
  readonly task: Task<S>;
  readonly strategy: Strategy;
  readonly seed: number;
  readonly split: readonly [train: number, validation: number, test: number];
  readonly shots?: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate?: number | 'auto';
  readonly weightDecay?: number;
  readonly labelSmoothing: number;
  readonly ema?: number;
  /** What training steps are computed in; `float32` where absent. Features and evaluation are in float32 in any case. */
  readonly precision?: Precision;
  readonly patience?: number;
  readonly augmentation: string;
  readonly views?: number;
  readonly checkpointEvery?: number;
  /** Saves every weight with the model, also those that its source could give again. */
  readonly standalone?: boolean;
  /**
   * Given where the source's classes are kept, which the target's labels then begin with: those, by number, of which
   * no training sample shows anything.
   */
  readonly kept?: readonly number[];
}
