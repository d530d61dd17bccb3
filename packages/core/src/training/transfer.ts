import type { SourceDomain } from '../domains/source-domain.ts';
import type { Dataset, Sample, TargetDomain } from '../domains/target-domain.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { ClassWeights } from '../network/class-weights.ts';
import type { Cleaning } from '../options/cleanings.ts';
import type { AnswerOptions, TrainingOptions, WithDefaults } from '../options/transfer-options.ts';
import type { CrossValidation } from '../runs/cross-validation.ts';
import type { Precision } from '../ports/precision.ts';
import type { PluginVersion } from '../plugins/origin.ts';
import type { Task } from '../tasks/task.ts';

/** How a run trains, with every choice made; what is absent is left to the strategy. */
type SettledTraining = Readonly<
  Omit<WithDefaults<TrainingOptions>, 'precision'> &
    Required<Pick<TrainingOptions, 'epochs' | 'batchSize' | 'augmentation'>> & {
      /** What training steps are computed in; `float32` where absent. */
      precision?: Precision;
    }
>;

/** Labelled samples of the test domain. What is known of them stands apart, and is looked at once the run has made its choices. */
export interface JudgeDomain<S extends Sample = Sample> {
  /** Of the data set. */
  readonly id: string;
  /** Without what is known of them. */
  readonly samples: Dataset<S>;
  /** The class of each, by the model's own numbers. */
  readonly truth: Int32Array;
}

/** One run with every choice made: source × target × task × strategy × seed. */
export interface Transfer<S extends Sample = Sample> extends SettledTraining, Readonly<AnswerOptions> {
  readonly runId: string;
  /** Folder of the run and, in the end, of the model. */
  readonly directory: string;
  readonly source: SourceDomain;
  readonly target: TargetDomain<S>;
  /** What every epoch of an adaptation is judged on, where that was asked for: neither training nor a choice knows of its labels. */
  readonly judge?: JudgeDomain<S>;
  /** What was mended in the target's data before they were split. */
  readonly clean?: readonly Cleaning[];
  readonly task: Task<S>;
  readonly strategy: Strategy;
  readonly checkpointEvery?: number;
  /** Whether it can be taken up again where it is interrupted: `false` writes no checkpoint. */
  readonly resumable?: boolean;
  /** Saves every weight with the model, also those that its source could give again. */
  readonly standalone?: boolean;
  /** What judging it by folds found, for the model's card. */
  readonly crossValidation?: CrossValidation;
  /** Which plugin brought the task, the source, the strategy and the reader, in which version. */
  readonly origins: Readonly<Record<string, PluginVersion>>;
  /** What classes count in the loss, where that was asked for. */
  readonly lossWeights?: ClassWeights;
  /**
   * Given where the source's classes are kept, which the target's labels then begin with: those, by number, of which
   * no training sample shows anything.
   */
  readonly retainedClasses?: readonly number[];
}
