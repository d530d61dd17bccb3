import type { Artifacts, Progress } from '@headstart/artifacts';
import { HeadstartError } from '@headstart/artifacts/errors';
import { findExporter } from '../export/find-exporter.ts';
import { checkInputs, type ModelInput } from '../domains/model-input.ts';
import type { DataWarning } from '../domains/reading-notes.ts';
import { datasetOf } from '../domains/splits.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { KnownRegion } from '../models/known-region.ts';
import type { UnsavedCard } from '../models/card-schema.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import { onOff, text, wholeNumber } from '../options/value-kinds.ts';
import type { Registries } from '../plugins/registries.ts';
import type { Encoder } from '../data/encoder.ts';
import type { FeatureStore } from '../data/feature-store.ts';
import type { PageFile } from '../tasks/page-description.ts';
import type { Task } from '../tasks/task.ts';
import { EVALUATION_BATCH } from '../training/evaluate.ts';
import type { Backend } from '../ports/backend.ts';
import { checkOptions } from './check-options.ts';
import { checkEmbedding, Embedder } from './embed.ts';
import { EncodingQueue } from './encoding-queue.ts';
import { cutTextsOf, evaluateModel, type EvaluatedModel } from './evaluate-model.ts';
import type {
  EmbedOptions,
  Embeddings,
  EvaluateOptions,
  EvaluateResult,
  LoadedModel,
  PredictedSample,
  PredictOptions,
  PredictOutcome,
  PredictTargetOptions,
  PreparedInput,
} from './headstart.ts';
import { chooseInference, type ChosenInference, type InferenceChoice } from './inference/choose-inference.ts';
import { Lifetime } from './lifetime.ts';
import { predictedSamples, readToPredict } from './predict-target.ts';
import { Predictor } from './predictor.ts';
import { sampleOf, samplesOfInputs, type SamplesToPrepare } from './prepare-inputs.ts';
import { ShiftWatch, type ShiftReport } from './report-shift.ts';
import { servedPageOf } from './served-page.ts';

/** What a loaded model works with. */
export interface ModelServices {
  readonly backend: Backend;
  readonly registries: Registries;
  readonly artifacts: Artifacts;
  readonly store: FeatureStore;
  readonly progress: Progress;
}

/** A model in memory, and where it comes from. */
export interface OpenedModel {
  readonly directory: string;
  readonly card: UnsavedCard;
  readonly task: Task;
  readonly model: TransferModel;
  /** What it was trained on, where it was saved with that. */
  readonly known?: KnownRegion;
}

const OPTIONS = { batchSize: wholeNumber(1), allowHttp: onOff } satisfies Record<keyof PredictOptions, unknown>;

/** A model in memory, a saved one or a pretrained source's. */
export class TrainedModel<Prediction = unknown> implements LoadedModel<Prediction> {
  readonly labels: readonly string[];
  readonly directory: string;
  readonly card: UnsavedCard;
  readonly task: Task;
  readonly computedBy: LoadedModel['computedBy'];
  private readonly model: TransferModel;
  readonly #encoder: Encoder;
  readonly #predictor: Predictor<Prediction>;
  readonly #queue = new EncodingQueue();
  readonly #lifetime: Lifetime;
  #embedder: Embedder | undefined;
  readonly #shift: ShiftWatch;
  readonly #parts: EvaluatedModel;

  /**
   * @param system that the model is of, and ends with
   * @throws HeadstartError `not-supported` where the model cannot be computed as it is asked for
   */
  static async open<Prediction>(
    opened: OpenedModel,
    services: ModelServices,
    system: Lifetime,
    choice: InferenceChoice = 'backend',
  ): Promise<TrainedModel<Prediction>> {
    const { card, task, model } = opened;
    const { backbone, head } = model;
    const { labels, headstart } = card;
    const encoder = task.encoder({ backbone, labels, augmentation: 'none' });
    const exporters = services.registries.exporters.list().map(({ value }) => value);
    const exported = { task, labels, backbone, head, encoder, headstart };
    const chosen = await chooseInference(choice, exported, { backend: services.backend, exporters });
    return new TrainedModel(opened, services, system, encoder, chosen);
  }

  private constructor(
    { directory, card, task, model, known }: OpenedModel,
    private readonly services: ModelServices,
    system: Lifetime,
    encoder: Encoder,
    { inference, engine, reason }: ChosenInference,
  ) {
    this.directory = directory;
    this.card = card;
    this.task = task;
    this.model = model;
    this.labels = card.labels;
    this.computedBy = { engine, reason };
    this.#lifetime = new Lifetime('The model has been disposed of', system);
    this.#encoder = encoder;
    this.#parts = { directory, card, task, model, known, encoder };
    this.#shift = new ShiftWatch(this.#parts, services.backend, this.#queue);
    this.#predictor = new Predictor(this.#parts, inference, this.#queue);
  }

  predict(inputs: readonly ModelInput[], options: PredictOptions = {}): Promise<Prediction[]> {
    return this.#lifetime.use(async () => {
      const samples = this.#asked(inputs, options, 'predict');
      return this.#predictor.predict(samples, options.batchSize);
    });
  }

  predictEach(inputs: readonly ModelInput[], options: PredictOptions = {}): Promise<PredictOutcome<Prediction>[]> {
    return this.#lifetime.use(async () =>
      this.#predictor.outcomes(this.#asked(inputs, options, 'predictEach'), options.batchSize, true),
    );
  }

  async *predictTarget(
    target: string,
    options: PredictTargetOptions = {},
  ): AsyncGenerator<PredictedSample<Prediction>, void, void> {
    const { task, services } = this;
    const data = await this.#lifetime.use(() => readToPredict(services, task, target, options));
    const { batchSize, skipBad = false } = options;
    yield* predictedSamples<Prediction>(task, data, (some) => {
      const samples = { length: some.length, sample: async (position: number) => some[position]! };
      return this.#lifetime.use(() => this.#predictor.outcomes(samples, batchSize, skipBad));
    });
  }

  cutTexts(inputs: readonly ModelInput[]): Promise<DataWarning[]> {
    return this.#lifetime.use(async () => {
      checkInputs(inputs);
      if (!this.#encoder.limit) return [];
      const samples = await Promise.all(inputs.map((input) => this.#queue.run(() => this.#sample(input))));
      return cutTextsOf(datasetOf(samples), { task: this.task, encoder: this.#encoder, card: this.card });
    });
  }

  prepare(input: ModelInput, name?: string): Promise<PreparedInput> {
    const prepared = async () => {
      const sample = await this.#sample(input, name);
      return { sample, encoded: await this.#encoder.encode(sample, { kind: 'plain' }) };
    };
    return this.#lifetime.use(() => this.#queue.run(prepared));
  }

  predictPrepared(inputs: readonly PreparedInput[]): Promise<Prediction[]> {
    return this.#lifetime.use(async () => (inputs.length === 0 ? [] : this.#predictor.step(inputs)));
  }

  /** @throws HeadstartError `invalid-option` */
  #asked(inputs: readonly ModelInput[], options: PredictOptions, method: string): SamplesToPrepare {
    checkInputs(inputs);
    checkOptions(method, OPTIONS, options);
    return samplesOfInputs(this.task, inputs, options.allowHttp ?? false);
  }

  reportShift(inputs: readonly ModelInput[], options: PredictOptions = {}): Promise<ShiftReport> {
    return this.#lifetime.use(async () => {
      const samples = this.#asked(inputs, options, 'reportShift');
      return this.#shift.report(samples, options.batchSize ?? EVALUATION_BATCH);
    });
  }

  embed(inputs: readonly ModelInput[], options: EmbedOptions = {}): Promise<Embeddings> {
    return this.#lifetime.use(async () => {
      checkEmbedding(inputs, options);
      const { backend, registries, progress } = this.services;
      this.#embedder ??= new Embedder(backend, this.model.backbone, registries.embeddingTask(this.task.modality));
      return this.#embedder.embed(inputs, options, progress);
    });
  }

  explain(input: ModelInput, options: { label?: string } = {}): Promise<Uint8Array> {
    return this.#lifetime.use(async () => {
      checkOptions('explain', { label: text }, options);
      return this.#explain(input, options);
    });
  }

  async #explain(input: ModelInput, { label }: { label?: string }): Promise<Uint8Array> {
    if (!this.task.explain) {
      throw new HeadstartError({
        code: 'not-supported',
        message: `The task "${this.task.id}" cannot explain its predictions.`,
        hint: 'Predict without --explain.',
      });
    }
    const { backbone, head } = this.model;
    const index = label === undefined ? undefined : this.#labelIndex(label);
    const sample = await this.#sample(input);
    return this.task.explain({ sample, backbone, head, labels: this.labels, encoder: this.#encoder, label: index });
  }

  draw(input: ModelInput, prediction: Prediction): Promise<Uint8Array> {
    return this.#lifetime.use(() => this.#draw(input, prediction));
  }

  async #draw(input: ModelInput, prediction: Prediction): Promise<Uint8Array> {
    if (this.task.draw) return this.task.draw(await this.#sample(input), prediction);
    throw new HeadstartError({
      code: 'not-supported',
      message: `The task "${this.task.id}" cannot draw its predictions.`,
      hint: 'Leave the drawing out; models that find boxes can draw them.',
    });
  }

  async #sample(input: ModelInput, name?: string): Promise<Sample> {
    return sampleOf(this.task, input, { place: 'input 1', name, allowHttp: false });
  }

  #labelIndex(label: string): number {
    const index = this.labels.indexOf(label);
    if (index >= 0) return index;
    throw new HeadstartError({
      code: 'label-invalid',
      message: `The model has no label "${label}".`,
      hint: `Its labels: ${this.labels.join(', ')}.`,
    });
  }

  evaluate(target: string, options: EvaluateOptions = {}): Promise<EvaluateResult> {
    return this.#lifetime.use(() => {
      return evaluateModel(this.#parts, this.services, target, options);
    });
  }

  export(format: string, directory: string): Promise<string[]> {
    return this.#lifetime.use(async () => {
      const { task, labels, card } = this;
      const { backbone, head } = this.model;
      const exporters = this.services.registries.exporters.list().map(({ value }) => value);
      const exporter = findExporter(exporters, format, task.modality);
      return exporter.write(
        { task, labels, backbone, head, encoder: this.#encoder, headstart: card.headstart },
        directory,
      );
    });
  }

  servedPage(): Promise<PageFile[]> {
    return this.#lifetime.use(() => servedPageOf(this.#parts));
  }

  dispose(): void {
    void this.#lifetime.end(() => {
      this.#embedder?.dispose();
      this.#shift.dispose();
      this.#predictor.dispose();
      this.model.dispose();
    });
  }
}
