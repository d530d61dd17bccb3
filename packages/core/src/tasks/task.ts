import type { Scalar } from '@tensorflow/tfjs-core';
import type { Modality } from '../domains/source-domain.ts';
import type { Dataset, Sample, TargetData } from '../domains/target-domain.ts';
import type { Evidence } from '../metrics/metric.ts';
import type { Backbone } from '../models/backbone.ts';
import type { Stage } from '../models/stage.ts';
import type { HostTensors, Tensors, TensorSpecs } from '../models/tensors.ts';
import type { RandomStream } from '../random/random-stream.ts';

/**
 * How a sample is to be encoded: as it is, or altered by random draws from this stream (from children of it, where
 * `encode` and `target` are to repeat them). `others` are the samples trained on, itself among them, for an encoder
 * whose views take parts of several (`Encoder.combining`).
 */
export type View<S extends Sample = Sample> =
  | { readonly kind: 'plain' }
  | { readonly kind: 'augmented'; readonly random: RandomStream; readonly others?: Dataset<S> };

/** A batch on the host: per tensor name, the samples' values one after another. */
export interface HostBatch {
  /** Samples. */
  readonly size: number;
  /** Rows of the inputs a sample, where they are more than one. */
  readonly rows?: number;
  readonly inputs: HostTensors;
  /** The shapes of the inputs, where `Encoder.fit` made them others than the encoder's. */
  readonly specs?: TensorSpecs;
  readonly targets: HostTensors;
}

/** Turns samples into tensors of one static shape. */
export interface Encoder<S extends Sample = Sample> {
  /** Names everything that determines the plain encoding, for the feature store's key. */
  readonly key: string;
  readonly inputs: TensorSpecs;
  readonly targets: TensorSpecs;
  /**
   * Rows of the network's inputs that a sample makes, one after another, such as two for a pair of texts; 1 where
   * absent. `encode` gives the values of all of them, and `inputs` is the shape of one. What a sample's rows come
   * to is the head's business.
   */
  readonly rows?: number;
  /** Decodes one sample. Runs beside the training step. @throws HeadstartError `sample-unreadable` */
  encode(sample: S, view: View<S>): Promise<HostTensors>;
  /** The sample's truth under the same view (draws repeat those of `encode`). */
  target(sample: S, view: View<S>): HostTensors;
  /**
   * For an encoder whose augmented views take parts of other samples (mosaics of pictures): names everything of
   * them that encodings depend on, for the feature store's key. Augmented views then come with `others`.
   */
  combining?(others: Dataset<S>): string;
  /**
   * For samples that differ in length: cuts the padding that all samples of a batch share, down to one
   * of few lengths, so that a step meets few shapes. What a network computes of a sample may depend on
   * the length in the last bits only.
   */
  fit?(inputs: HostTensors, rows: number): { readonly specs: TensorSpecs; readonly inputs: HostTensors };
  /** With `fit`: the length that a batch of this sample alone is cut to. Where order is free, alike samples share batches. */
  length?(sample: S): number;
  /** Blends samples of an augmented training batch (mixup, CutMix). */
  mix?(batch: HostBatch, random: RandomStream): HostBatch;
}

/** The new layers that a task puts on a backbone. */
export interface Head extends Stage {
  /**
   * Fits non-trainable statistics to the features of the frozen backbone on the training split
   * before training starts: mean and standard deviation a feature, over all rows.
   */
  fit?(feature: string, statistics: { mean: Float32Array; deviation: Float32Array }): void;
}

/** Numbers by name, and tables where a metric has them (per class, confusion matrix). */
export interface MetricReport {
  readonly values: Readonly<Record<string, number>>;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface ReportOptions {
  /** Adds `details.intervals`: by metric name the ends of its 95 % confidence interval. */
  readonly intervals?: boolean;
}

/** What an evaluation can be shown by: its report with curves and tables; the worst mistakes. */
export type EvaluationPage = 'report' | 'mistakes';

/** Gathers outputs over a split and computes the task's metrics. */
export interface Evaluator {
  /**
   * Adds a batch; the tensors stay the caller's. `encoded` is what the outputs were computed from, given where a page
   * of mistakes is to show it.
   */
  add(outputs: Tensors, targets: Tensors, encoded?: EncodedSamples): Promise<void>;
  /** Called once after the last batch, for what needs all of them and the device. */
  finish?(): Promise<void>;
  report(options?: ReportOptions): MetricReport;
  /** What metrics registered by other plugins compute their numbers from. */
  evidence?(): Evidence;
  /** The pages that it can write, after the report: HTML, each complete in itself. */
  readonly pages?: Readonly<Partial<Record<EvaluationPage, (title: string) => Promise<string>>>>;
}

/** What the source, frozen as it was opened, says of a batch where its classes are kept beside new ones. */
export interface Teaching {
  /** What the source's own head gives. The model's labels begin with the source's: its first outputs are theirs. */
  readonly outputs: Tensors;
  /** The labels, ascending, of which the training data show nothing, not even where they are absent: the source alone teaches them. */
  readonly kept: readonly number[];
}

/** Training options that belong to the loss. */
export interface LossOptions {
  /** Share of the target distribution that is spread over all classes (Szegedy et al., 2016). */
  readonly labelSmoothing: number;
  /** Given where classes of the source are kept, to tasks with `keepsClasses`. Constants: no gradient flows into them. */
  readonly teaching?: Teaching;
}

/** What data are checked against. */
export interface CheckOptions {
  /** Labels that need no sample to learn from: the source knows them. */
  readonly known?: ReadonlySet<number>;
}

export interface EvaluatorOptions {
  /** Labels that the model keeps of its source beside those that it learned: what a task reports apart. */
  readonly kept?: readonly number[];
}

export interface EncoderOptions {
  readonly backbone: Backbone;
  readonly labels: readonly string[];
  /** The augmentation policy by name; `none` leaves training images as they are. */
  readonly augmentation: string;
}

/** What outputs were computed from, for predictions in terms of the sample itself (pixels of a picture). */
export interface EncodedSamples<S extends Sample = Sample> {
  /** One a row of the outputs. */
  readonly samples: readonly S[];
  readonly encoder: Encoder<S>;
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
  budget?(strategy: string, samples: number): { readonly epochs: number; readonly batchSize: number } | undefined;
  /** Augmentation policies by name. */
  readonly augmentations: readonly string[];
  /** Checks a policy where policies are composed of names; otherwise it must be one of `augmentations`. */
  checkAugmentation?(policy: string): void;
  /** The metric to watch on the validation split. */
  readonly monitor: { readonly metric: string; readonly mode: 'max' | 'min' };
  /** Where samples have labels, training batches hold two samples at least of each label that is in them (and has two). */
  readonly pairedBatches?: boolean;
  /** The id of the task to take for this data instead, or its own: several labels a sample are another task than one. */
  variant?(target: TargetData<S>): string;
  /**
   * The task with what follows a colon after its id, such as `threshold=0.5`; options that it has already stay where
   * they are not given anew. Its id is then the whole name.
   * @throws HeadstartError `invalid-option`
   */
  withOptions?(options: string): Task<S, Prediction>;
  /** Checks that the data can be learned (two classes, say). @throws HeadstartError `target-*` */
  check(target: TargetData<S>, options?: CheckOptions): void;
  /**
   * Whether new classes can be learned beside the source's: `buildHead` takes over what the source's head knows of
   * labels of the same name, `loss` learns from `LossOptions.teaching`.
   */
  readonly keepsClasses?: boolean;
  encoder(options: EncoderOptions): Encoder<S>;
  buildHead(backbone: Backbone, labels: readonly string[], random: RandomStream): Head;
  /** Mean loss of the batch. */
  loss(outputs: Tensors, targets: Tensors, options: LossOptions): Scalar;
  evaluator(labels: readonly string[], options?: EvaluatorOptions): Evaluator;
  /** One prediction a sample. `encoded` is given wherever the outputs are those of samples. */
  decode(outputs: Tensors, labels: readonly string[], encoded?: EncodedSamples<S>): Promise<Prediction[]>;
  /** A sample for prediction, from what a user names: a path, a text. @throws HeadstartError `sample-unreadable` */
  parseInput(input: string): Promise<S>;
  /** A prediction as a line of text. */
  describe(prediction: Prediction): string;
  /** A picture of a sample with what was predicted of it (boxes, say), as PNG bytes. */
  draw?(sample: S, prediction: Prediction): Promise<Uint8Array>;
  /** A picture that explains a prediction (Grad-CAM for images), as PNG bytes. */
  explain?(request: ExplainRequest<S>): Promise<Uint8Array>;
}

export interface ExplainRequest<S extends Sample = Sample> {
  readonly sample: S;
  readonly backbone: Backbone;
  readonly head: Head;
  readonly labels: readonly string[];
  readonly encoder: Encoder<S>;
  /** The class to explain; the predicted one where absent. */
  readonly label?: number;
}
