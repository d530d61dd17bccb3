import type { HeadstartError } from '@headstart/artifacts/errors';
import type { DataWarning } from '../domains/reading-notes.ts';
import type { LabelChanges } from '../models/new-labels.ts';
import type { RelabelResult } from './relabel-model.ts';
import type { FeatureCounts } from '../data/split-data.ts';
import type { ModelInput } from '../domains/model-input.ts';
import type { Sample, SkippedSample, SplitName } from '../domains/target-domain.ts';
import type { HostTensors } from '../network/tensors.ts';
import type { EvaluationPage, MetricReport } from '../metrics/evaluator.ts';
import type { PageFile } from '../tasks/page-description.ts';
import type { Task } from '../tasks/task.ts';
import type { Decision } from '../runs/answering.ts';
import type { InferenceChoice } from './inference/choose-inference.ts';
import type { CrossValidatedResult, CrossValidationOptions } from '../runs/cross-validation.ts';
import type { RunEvents } from '../runs/events.ts';
import type { ReadingReport } from '../runs/reading-report.ts';
import type { TransferPlan } from '../runs/plan.ts';
import type { TransferRequest, TransferResult } from '../runs/request.ts';
import type { TrialSession } from '../runs/trial.ts';
import type { InspectOptions, InspectRequest, InspectResult } from './inspect-target.ts';
import type { RankRequest, SourceRanking } from './ranking/ranking.ts';
import type { ShiftReport } from './report-shift.ts';
import type { ViewedSample, ViewRequest } from './view-samples.ts';
import type { Cleaning } from '../options/cleanings.ts';
import type { RegisteredParts } from '../plugins/contributions.ts';
import type { PackageOffer } from '../plugins/package-offer.ts';
import type { Backend } from '../ports/backend.ts';

/** Who listens to a run, and what ends it. */
export interface RunOptions {
  /** Called before the subscribers of plugins. */
  readonly events?: Partial<RunEvents>;
  /** Ends the run at the next step with a checkpoint (error code `interrupted`). */
  readonly signal?: AbortSignal;
}

/** What may differ in a trained model from what it was trained with. */
export interface LoadOptions {
  /** Options of the model's task that are to be others than those it was trained with, such as a detector's `threshold`. */
  taskOptions?: Readonly<Record<string, string>>;
  /** How its probabilities become answers, in place of what is stored with it; thresholds of other labels stay. */
  decision?: Decision;
  /**
   * What computes its predictions (`predict`, `predictEach`, `predictTarget`, `predictPrepared`): the backend where absent;
   * onnxruntime, which takes a third of the time for one input on a CPU and needs onnxruntime-node beside Headstart; with
   * `auto` onnxruntime where it is there and computes the model on the CPU as the backend does, else the backend.
   */
  inference?: InferenceChoice;
}

/** An input that a model has read and encoded; for that model alone. */
export interface PreparedInput {
  readonly sample: Sample;
  readonly encoded: HostTensors;
}

/** How inputs are read and worked on. */
export interface EmbedOptions {
  /** Inputs of a step at most; 32 where absent. */
  readonly batchSize?: number;
  /** Whether `http:` and `https:` URLs among the inputs may be fetched; they are refused where absent. */
  readonly allowHttp?: boolean;
}

/** How inputs are read and predicted. */
export type PredictOptions = EmbedOptions;

/** Vectors `[n, d]`, row-major. */
export interface Embeddings {
  shape: [number, number];
  data: Float32Array;
}

/** What came of one input: a prediction, or why there is none. */
export type PredictOutcome<Prediction> = { readonly prediction: Prediction } | { readonly error: HeadstartError };

/** How data are read whose samples are to be predicted. */
export interface PredictTargetOptions {
  readonly reader?: string;
  readonly readerOptions?: Readonly<Record<string, string>>;
  /** Go on after samples that cannot be read: each has an error in place of a prediction. */
  readonly skipBad?: boolean;
  readonly batchSize?: number;
}

/** What a model says of a sample of data, beside what the data say. */
export type PredictedSample<Prediction> = PredictOutcome<Prediction> & {
  /** A name for people: a path within the data, or file and line. */
  readonly id: string;
  /** The texts of the sample, where it has some. */
  readonly texts?: readonly string[];
  /** What is known of it: its label, its labels, or its score; absent where nothing is. */
  readonly truth?: string | readonly string[] | number;
};

/**
 * A trained model, ready to predict. After `dispose`, and after the system that it is of has been closed, its methods refuse
 * with `closed`.
 */
export interface LoadedModel<Prediction = unknown> {
  /** The folder that it was loaded from; of a pretrained one, the source's id. */
  readonly directory: string;
  readonly card: Readonly<Record<string, unknown>>;
  readonly labels: readonly string[];
  readonly task: Task;
  /** What computes its predictions, such as `libtensorflow` or `onnxruntime 1.30.0`, and why, as a sentence. */
  readonly computedBy: { readonly engine: string; readonly reason: string };
  /**
   * Predictions in input order. The steps run beside the event loop where the backend can, and inputs of calls that are under
   * way together share them: each prediction is what the input gives alone, up to the rounding of float32.
   * @throws HeadstartError `sample-unreadable`; `invalid-option` for what no input is and for options that are none
   */
  predict(inputs: readonly ModelInput[], options?: PredictOptions): Promise<Prediction[]>;
  /** The same, with an error in the place of each input that cannot be read. @throws HeadstartError `invalid-option` for options that are none */
  predictEach(inputs: readonly ModelInput[], options?: PredictOptions): Promise<PredictOutcome<Prediction>[]>;
  /**
   * Predictions of all samples of a folder, a file such as a table, or a data set, in their order, as they come; what readers
   * find of labels stands beside them.
   * @throws HeadstartError as reading does; `sample-unreadable` without `skipBad`
   */
  predictTarget(
    target: string,
    options?: PredictTargetOptions,
  ): AsyncGenerator<PredictedSample<Prediction>, void, void>;
  /** A warning of how many of the inputs are texts of which the model does not read all; none where it reads them whole. */
  cutTexts(inputs: readonly ModelInput[]): Promise<DataWarning[]>;
  /**
   * Reads and encodes one input, to be predicted in a step with others: for who gathers inputs that come one by one, as a
   * server does.
   * @param name what messages call it
   * @throws HeadstartError `sample-unreadable`; `invalid-option` for what no input is
   */
  prepare(input: ModelInput, name?: string): Promise<PreparedInput>;
  /**
   * Predictions of prepared inputs in their order, all in one step. Each is what `predict` gives for the input, up to the
   * rounding of float32: how products of a step are added up depends on its shape.
   */
  predictPrepared(inputs: readonly PreparedInput[]): Promise<Prediction[]>;
  /**
   * How far inputs lie from what the model was trained on: a watch on data that drift.
   * @throws HeadstartError `not-supported` for a model that was saved without what it knows; as `predict` does
   */
  reportShift(inputs: readonly ModelInput[], options?: PredictOptions): Promise<ShiftReport>;
  /** Embeddings `[n, d]`, row-major, from the trained backbone's last vector feature. @throws HeadstartError `not-supported` */
  embed(inputs: readonly ModelInput[], options?: EmbedOptions): Promise<Embeddings>;
  /** A PNG that explains the prediction for one input. @throws HeadstartError `not-supported` */
  explain(input: ModelInput, options?: { label?: string }): Promise<Uint8Array>;
  /** A PNG of the input with what was predicted of it. @throws HeadstartError `not-supported` */
  draw(input: ModelInput, prediction: Prediction): Promise<Uint8Array>;
  evaluate(target: string, options?: EvaluateOptions): Promise<EvaluateResult>;
  /** Writes the model for another runtime: in one of the formats of `exporters()`. @throws HeadstartError `unknown-name`, `not-supported` */
  export(format: string, directory: string): Promise<string[]>;
  /**
   * The files of a page for a server that answers for this model: `index.html`, and a `predict.js` that asks
   * `POST predict`; what that sends and expects, `servedPageFiles` of `@headstart/core/export` says.
   */
  servedPage(): Promise<PageFile[]>;
  /** Frees the model: at once, or after the calls that are under way. Does nothing the second time. */
  dispose(): void;
}

/** What an evaluation found. */
export interface EvaluateResult extends ReadingReport {
  metrics: MetricReport;
  /** How many samples were evaluated. */
  samples: number;
  split: SplitName | 'all';
  /** What `skipBad` left out of the target data. */
  skipped: readonly SkippedSample[];
  /** The pages that were asked for: HTML, each complete in itself. */
  pages: Readonly<Partial<Record<EvaluationPage, string>>>;
  /** How many samples had their features in the store, where the model has frozen stages whose features are worth keeping. */
  features?: FeatureCounts;
  /** How far the samples lie from what the model was trained on, where that was asked for. */
  shift?: ShiftReport;
}

/** How a model is evaluated on target data. */
export interface EvaluateOptions {
  /** The split to use. By default `test` where the data set has splits or is the one trained on, else all of it. */
  split?: SplitName | 'all';
  reader?: string;
  readerOptions?: Readonly<Record<string, string>>;
  skipBad?: boolean;
  /** What to mend in the data; what was mended for the training where they are the same data, else nothing. */
  clean?: readonly Cleaning[];
  /** Refuse data of which the reader warns. */
  strict?: boolean;
  batchSize?: number;
  /** Tell how far the samples lie from what the model was trained on. @throws HeadstartError `not-supported` */
  reportShift?: boolean;
  /** Pages to write of the evaluation, where the task can. */
  pages?: readonly EvaluationPage[];
}

/** The composed system: what `createHeadstart` returns and the command drives. */
export interface Headstart extends RegisteredParts {
  readonly backend: Backend;
  /** Packages that are not in use here, and what they would bring. */
  offers(): readonly PackageOffer[];
  /**
   * What would be learned from a target, and what looks wrong in it: reads as `train` does, opens no source and computes
   * nothing.
   * @throws HeadstartError as reading does; why data that were read cannot be learned is in the inspection
   */
  inspect(request: InspectRequest, options?: InspectOptions): Promise<InspectResult>;
  /**
   * What people see of samples that are known by their digests: reads the data as `inspect` does. Samples that the data do not
   * have are left out.
   * @throws HeadstartError as reading does
   */
  views(request: ViewRequest): Promise<ReadonlyMap<string, ViewedSample>>;
  /**
   * What `train` would do with a request: every choice with its reason, the phases, and the work that they are. Reads the
   * data and opens the source; trains nothing, and writes nothing but the source's files into the cache of artifacts.
   * @throws HeadstartError as `train` does before its first step
   */
  plan(request: TransferRequest): Promise<TransferPlan>;
  /**
   * Sources, and each one's layers, in the order in which their frozen features suit a target: scored on training samples,
   * before anything is trained.
   * @throws HeadstartError as reading does; `invalid-option`, `unknown-name`; `not-supported` for data without one class per
   * sample, and where no source can be scored
   */
  rankSources(request: RankRequest): Promise<SourceRanking>;
  /** Runs one transfer. */
  train(request: TransferRequest, options?: RunOptions): Promise<TransferResult>;
  /**
   * Judges a transfer by folds of its samples, and then trains the model on all of them: what a fold is judged on, its model
   * has not seen. The data must not bring splits of their own.
   * @throws HeadstartError as `train` does; `invalid-option` where a class has fewer samples than there are folds
   */
  crossValidate(
    request: TransferRequest,
    folds: CrossValidationOptions,
    options?: RunOptions,
  ): Promise<CrossValidatedResult>;
  /** Runs transfers only to judge them, item by item: what benchmarks are made of. The caller closes the session. */
  trials(): TrialSession;
  /** Continues an interrupted run in its folder. */
  resume(directory: string, options?: RunOptions & Pick<TransferRequest, 'learningRate'>): Promise<TransferResult>;
  /**
   * A trained model from its folder.
   * @typeParam Prediction what the model's task predicts, such as `ImagePrediction` of @headstart/vision; not checked
   */
  load<Prediction = unknown>(directory: string, options?: LoadOptions): Promise<LoadedModel<Prediction>>;
  /**
   * A source as it was published, with its own head, ready to predict: `nanodet-coco` finds COCO's 80 kinds of objects.
   * @throws HeadstartError `not-supported` for a source without a head that a task takes over
   */
  pretrained<Prediction = unknown>(source: string, options?: LoadOptions): Promise<LoadedModel<Prediction>>;
  /**
   * Writes a model whose labels are renamed, or have become one in part, into a new folder. The weights, and the
   * folder that it is made from, stay as they are.
   * @throws HeadstartError `label-invalid`, `model-invalid`, `not-supported` for a task that cannot merge, `invalid-option`, `storage-*`
   */
  relabel(directory: string, changes: LabelChanges, out: string): Promise<RelabelResult>;
  /** Embeddings `[n, d]`, row-major, from a source's last vector feature. */
  embed(source: string, inputs: readonly ModelInput[], options?: EmbedOptions): Promise<Embeddings>;

  /**
   * Ends the system after what is under way (a run is ended by its signal), and closes the backend unless another system of
   * this process uses it. From then on all that computes or reads refuses with `closed`, models and sessions of the system as
   * well. Does nothing the second time.
   */
  close(): Promise<void>;
}
