import { dispose } from '@tensorflow/tfjs-core';
import type { Artifacts, Progress } from '@headstart/artifacts';
import { HeadstartError } from '@headstart/artifacts/errors';
import { findExporter } from '../export/find-exporter.ts';
import { checkInputs, type ModelInput } from '../domains/model-input.ts';
import type { DataWarning } from '../domains/reading-notes.ts';
import { datasetOf } from '../domains/splits.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { KnownRegion } from '../models/known-region.ts';
import type { UnsavedCard } from '../models/card-schema.ts';
import { checkOutputs } from '../network/finite.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import { onOff, text, wholeNumber } from '../options/value-kinds.ts';
import type { Registries } from '../plugins/registries.ts';
import type { Encoder } from '../data/encoder.ts';
import type { FeatureStore } from '../data/feature-store.ts';
import type { PageFile } from '../tasks/page-description.ts';
import type { Task } from '../tasks/task.ts';
import { inputTensors, joinInputs } from '../data/encode-batch.ts';
import { EVALUATION_BATCH } from '../training/evaluate.ts';
import type { Backend } from '../ports/backend.ts';
import { checkOptions } from './check-options.ts';
import { checkEmbedding, Embedder } from './embed.ts';
import { EncodingQueue } from './encoding-queue.ts';
import { cutTextsOf, evaluateModel, type EvaluatedModel } from './evaluate-model.ts';
import { Gather } from './gather.ts';
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
import { Lifetime } from './lifetime.ts';
import { predictedSamples, readToPredict } from './predict-target.ts';
import {
  prepareInputs,
  sampleOf,
  samplesOfInputs,
  type PrepareOptions,
  type SamplesToPrepare,
} from './prepare-inputs.ts';
import { ShiftWatch, type ShiftReport } from './report-shift.ts';
import { servedPageOf } from './served-page.ts';
import { ShapedInference } from './shaped-inference.ts';

/** What a loaded model works with. */
export interface ModelServices {
  readonly backend: Backend;
  readonly registries: Registries;
  readonly artifacts: Artifacts;
  readonly store: FeatureStore;
  readonly progress: Progress;
}

const OPTIONS = { batchSize: wholeNumber(1), allowHttp: onOff } satisfies Record<keyof PredictOptions, unknown>;

/** A model in memory, a saved one or a pretrained source's. */
export class TrainedModel<Prediction = unknown> implements LoadedModel<Prediction> {
  readonly labels: readonly string[];
  readonly #encoder: Encoder;
  readonly #forward: ShapedInference;
  readonly #gather: Gather<PreparedInput, Prediction>;
  readonly #queue = new EncodingQueue();
  readonly #lifetime: Lifetime;
  #embedder: Embedder | undefined;
  readonly #shift: ShiftWatch;
  readonly #parts: EvaluatedModel;

  /** @param system that the model is of, and ends with */
  constructor(
    readonly directory: string,
    readonly card: UnsavedCard,
    readonly task: Task,
    private readonly model: TransferModel,
    private readonly services: ModelServices,
    system: Lifetime,
    /** What the model was trained on, where it was saved with that. */
    known?: KnownRegion,
  ) {
    this.labels = card.labels;
    this.#lifetime = new Lifetime('The model has been disposed of', system);
    this.#encoder = task.encoder({ backbone: model.backbone, labels: card.labels, augmentation: 'none' });
    this.#forward = new ShapedInference(services.backend, [...model.backbone.stages, model.head]);
    this.#parts = { directory, card, task, model, known, encoder: this.#encoder };
    this.#shift = new ShiftWatch(this.#parts, services.backend, this.#queue);
    this.#gather = new Gather({ window: 0, size: EVALUATION_BATCH, run: (inputs) => this.#step(inputs) });
  }

  predict(inputs: readonly ModelInput[], options: PredictOptions = {}): Promise<Prediction[]> {
    return this.#lifetime.use(async () => {
      const samples = this.#asked(inputs, options, 'predict');
      const predictions = new Array<Prediction>(inputs.length);
      await this.#predictSamples(samples, options.batchSize, {
        predicted: (position, prediction) => (predictions[position] = prediction),
      });
      return predictions;
    });
  }

  predictEach(inputs: readonly ModelInput[], options: PredictOptions = {}): Promise<PredictOutcome<Prediction>[]> {
    return this.#lifetime.use(async () =>
      this.#outcomes(this.#asked(inputs, options, 'predictEach'), options.batchSize, true),
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
      return this.#lifetime.use(() => this.#outcomes(samples, batchSize, skipBad));
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
    return this.#lifetime.use(async () => (inputs.length === 0 ? [] : this.#step(inputs)));
  }

  /** @throws HeadstartError `invalid-option` */
  #asked(inputs: readonly ModelInput[], options: PredictOptions, method: string): SamplesToPrepare {
    checkInputs(inputs);
    checkOptions(method, OPTIONS, options);
    return samplesOfInputs(this.task, inputs, options.allowHttp ?? false);
  }

  /** @param skipBad an error in place of a prediction, where a sample cannot be read, in place of an error of all */
  async #outcomes(
    samples: SamplesToPrepare,
    batchSize: number | undefined,
    skipBad: boolean,
  ): Promise<PredictOutcome<Prediction>[]> {
    const outcomes = new Array<PredictOutcome<Prediction>>(samples.length);
    await this.#predictSamples(samples, batchSize, {
      predicted: (position, prediction) => (outcomes[position] = { prediction }),
      ...(skipBad && { failed: (position, error) => void (outcomes[position] = { error }) }),
    });
    return outcomes;
  }

  async #predictSamples(
    samples: SamplesToPrepare,
    size = EVALUATION_BATCH,
    told: Pick<PrepareOptions, 'failed'> & { predicted: (position: number, prediction: Prediction) => void },
  ): Promise<void> {
    const { predicted, failed } = told;
    const how = { size, queue: this.#queue, failed };
    for await (const { positions, inputs } of prepareInputs(this.#encoder, samples, how)) {
      const predictions = await this.#gather.addAll(inputs, size);
      positions.forEach((position, i) => predicted(position, predictions[i]!));
    }
  }

  /** Predictions of inputs in one step. */
  async #step(inputs: readonly PreparedInput[]): Promise<Prediction[]> {
    const encoded = inputs.map((input) => input.encoded);
    const samples = inputs.map(({ sample }) => sample);
    const batch = joinInputs(this.#encoder, encoded);
    const outputs = await this.#forward.run(inputTensors(this.#encoder.inputs, batch));
    try {
      await checkOutputs(outputs, { rows: samples.length, name: (row) => samples[row]!.id });
      const predictions = await this.task.decode(outputs, this.labels, { samples, encoder: this.#encoder });
      return predictions as Prediction[];
    } finally {
      dispose(outputs);
    }
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
      this.#forward.dispose();
      this.model.dispose();
    });
  }
}
