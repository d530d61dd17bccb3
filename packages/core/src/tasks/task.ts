import type { Scalar, Tensor1D } from '@tensorflow/tfjs-core';
import type { EncodedSamples, Encoder, EncoderOptions } from '../data/encoder.ts';
import type { Modality } from '../domains/source-domain.ts';
import type { InputContent } from '../domains/model-input.ts';
import type { Sample, TargetData } from '../domains/target-domain.ts';
import type { Evaluator, EvaluatorOptions } from '../metrics/evaluator.ts';
import type { Backbone, SourceHead } from '../network/backbone.ts';
import type { ClassWeights } from '../network/class-weights.ts';
import type { Head } from '../network/head.ts';
import type { LossTerm } from '../network/loss-term.ts';
import type { Tensors } from '../network/tensors.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { DecisionRule } from './decision-rule.ts';
import type { LogitMerge } from './merged-outputs.ts';
import type { NoPage, PageDescription, PageRequest } from './page-description.ts';
import type { UsualTraining } from '../options/training-length.ts';
import type { SampleView } from './sample-view.ts';
import type { Strategy } from '../strategies/strategy.ts';

/** Training options that belong to the loss. */
export interface LossOptions {
  /** Share of the target distribution that is spread over all classes (Szegedy et al., 2016). */
  readonly labelSmoothing: number;
  /** What classes count; all alike where absent. */
  readonly classWeights?: ClassWeights;
}

/** What the loss of keeping a source's classes is made from. */
export interface KeepingOptions extends LossOptions {
  /** The model's. */
  readonly head: Head;
  /** The source's, as the teacher has it. */
  readonly sourceHead?: SourceHead;
}

/** What data are checked against. */
export interface CheckOptions {
  /** Labels that need no sample to learn from: the source knows them. */
  readonly known?: ReadonlySet<number>;
}

/** How a target is learned on a backbone. */
export interface Task<S extends Sample = Sample, Prediction = unknown> {
  readonly id: string;
  readonly modality: Modality;
  readonly description: string;
  /** The source and strategy that serve most users of this task. */
  readonly defaults: { readonly source: string; readonly strategy: string; readonly augmentation: string };
  /**
   * How long to train by a strategy, and in which batches, where the strategy's own defaults do not serve most users.
   * @param samples to train on
   */
  budget?(strategy: string, samples: number): UsualTraining | undefined;
  /**
   * How the task adapts to unlabelled samples, where it does so in ways of its own: `strategies` stand in for the registered ones of
   * their ids, and `strategy` is the name of the one that serves most users.
   */
  readonly adaptation?: { readonly strategy: string; readonly strategies: readonly Strategy[] };
  /** Augmentation policies by name. */
  readonly augmentations: readonly string[];
  /** Checks a policy where policies are composed of names; otherwise it must be one of `augmentations`. */
  checkAugmentation?(policy: string): void;
  /** The metric to watch on the validation split. */
  readonly monitor: { readonly metric: string; readonly mode: 'max' | 'min' };
  /** The metric to watch instead where classes are to count alike, however many samples they have. */
  readonly balancedMonitor?: { readonly metric: string; readonly mode: 'max' | 'min' };
  /**
   * Given where the losses heed `LossOptions.classWeights`: whether samples have `one` class each, or `several`, each of
   * which is learned for itself.
   */
  readonly weighsClasses?: 'one' | 'several';
  /** Where samples have labels, training batches hold two samples at least of each label that is in them (and has two). */
  readonly pairedBatches?: boolean;
  /** The id of the task to take for this data instead, or its own: several labels per sample are another task than one. */
  variant?(target: TargetData<S>): string;
  /**
   * The task with what follows a colon after its id, such as `threshold=0.5`; options that it has already stay where
   * they are not given anew. Its id is then the whole name.
   * @throws HeadstartError `invalid-option`
   */
  withOptions?(options: string): Task<S, Prediction>;
  /**
   * The task with another rule by which probabilities become answers, in `decode`, `evaluator` and `page`. Absent where answers
   * follow from the outputs alone.
   * @throws HeadstartError `invalid-option` for a rule that means nothing here
   */
  deciding?(rule: DecisionRule): Task<S, Prediction>;
  /** Checks that the data can be learned (two classes, say). @throws HeadstartError `target-*` */
  check(target: TargetData<S>, options?: CheckOptions): void;
  /**
   * For tasks that can learn new classes beside the source's, the loss of doing so. The model's labels begin with the
   * source's: the first outputs are theirs, and `buildHead` takes over what the source's head knows of labels of the
   * same name. The term learns from the teacher, which is the source, what the data do not show.
   * @param retainedClasses the labels, ascending, of which the training data show nothing, not even where they are absent
   * @throws HeadstartError `not-supported` for a source's head that its loss cannot learn from
   */
  keepClasses?(retainedClasses: readonly number[], options: KeepingOptions): LossTerm;
  /** Which outputs of the head are logits of labels, `[…, labels]`, and how those of labels that become one are put together. */
  readonly mergeLogits?: { readonly outputs: readonly string[]; readonly merge: LogitMerge };
  encoder(options: EncoderOptions): Encoder<S>;
  buildHead(backbone: Backbone, labels: readonly string[], random: RandomStream): Head;
  /** Mean loss of the batch. */
  loss(outputs: Tensors, targets: Tensors, options: LossOptions): Scalar;
  /**
   * Where the loss is the mean of what each sample costs by itself, whatever others are in the batch: those costs, `[batch]`.
   * Heads of such a task can be trained together.
   */
  sampleLosses?(outputs: Tensors, targets: Tensors, options: LossOptions): Tensor1D;
  evaluator(labels: readonly string[], options?: EvaluatorOptions): Evaluator;
  /** One prediction per sample. `encoded` is given wherever the outputs are those of samples. */
  decode(outputs: Tensors, labels: readonly string[], encoded?: EncodedSamples<S>): Promise<Prediction[]>;
  /**
   * A sample for prediction, from what a model is asked about: see `ModelInput`.
   * @param name the sample's id, and what messages call it; a string's or URL's own where absent
   * @throws HeadstartError `sample-unreadable`
   */
  parseInput(input: InputContent, name?: string): Promise<S>;
  /** A prediction as a line of text. */
  describe(prediction: Prediction): string;
  /** What people see of a sample; samples of tasks without it are shown by their ids. */
  view?(sample: S): SampleView;
  /** A picture of a sample with what was predicted of it (boxes, say), as PNG bytes. */
  draw?(sample: S, prediction: Prediction): Promise<Uint8Array>;
  /**
   * How a page in a browser prepares inputs for a model and reads its answers, for exports that write one; says why where no
   * page can. Exports of a task without it come without a page.
   */
  page?(model: PageRequest): Promise<PageDescription | NoPage>;
  /** A picture that explains a prediction (Grad-CAM for images), as PNG bytes. */
  explain?(request: ExplainRequest<S>): Promise<Uint8Array>;
}

/** One sample and the model whose answer on it is to be explained. The caller owns backbone and head. */
export interface ExplainRequest<S extends Sample = Sample> {
  readonly sample: S;
  readonly backbone: Backbone;
  readonly head: Head;
  readonly labels: readonly string[];
  readonly encoder: Encoder<S>;
  /** The class to explain; the predicted one where absent. */
  readonly label?: number;
}
