import { dispose } from '@tensorflow/tfjs-core';
import type { Artifacts, Progress } from '@headstart/artifacts';
import { HeadstartError } from '@headstart/artifacts/errors';
import { findExporter } from '../export/find-exporter.ts';
import { servedPageFiles } from '../export/page/page-files.ts';
import { nameInputs, type ModelInput, type NamedInput } from '../domains/model-input.ts';
import type { DataWarning } from '../domains/reading-notes.ts';
import { datasetOf } from '../domains/splits.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { UnsavedCard } from '../models/model-directory.ts';
import type { KnownRegion } from '../models/known-region.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import type { Registries } from '../plugins/registries.ts';
import type { Encoder } from '../data/encoder.ts';
import type { FeatureStore } from '../data/feature-store.ts';
import type { PageAccepts, PageFile } from '../tasks/page-description.ts';
import type { Task } from '../tasks/task.ts';
import { inputTensors, joinInputs, type EncodedInputs } from '../data/encode-batch.ts';
import { EVALUATION_BATCH } from '../training/evaluate.ts';
import { HeadFeatures } from '../training/head-features.ts';
import type { Backend } from '../ports/backend.ts';
import { Embedder } from './embed.ts';
import { cutTextsOf, evaluateModel } from './evaluate-model.ts';
import type { EvaluateOptions, EvaluateResult, LoadedModel, PreparedInput } from './headstart.ts';
import { inputBatches } from './input-batches.ts';
import { requireRegion, shiftReport, type ShiftReport } from './report-shift.ts';
import { ShapedInference } from './shaped-inference.ts';

/** What a loaded model works with. */
export interface ModelServices {
  readonly backend: Backend;
  readonly registries: Registries;
  readonly artifacts: Artifacts;
  readonly store: FeatureStore;
  readonly progress: Progress;
}

/** A model in memory, a saved one or a pretrained source's. */
export class TrainedModel<Prediction = unknown> implements LoadedModel<Prediction> {
  readonly labels: readonly string[];
  readonly #encoder: Encoder;
  readonly #forward: ShapedInference;
  #embedder: Embedder | undefined;
  #features: HeadFeatures | undefined;

  constructor(
    readonly directory: string,
    readonly card: UnsavedCard,
    readonly task: Task,
    private readonly model: TransferModel,
    private readonly services: ModelServices,
    /** What the model was trained on, where it was saved with that. */
    private readonly known?: KnownRegion,
  ) {
    this.labels = card.labels;
    this.#encoder = task.encoder({ backbone: model.backbone, labels: card.labels, augmentation: 'none' });
    this.#forward = new ShapedInference(services.backend, model);
  }

  async predict(
    inputs: readonly ModelInput[],
    { batchSize = EVALUATION_BATCH }: { batchSize?: number } = {},
  ): Promise<Prediction[]> {
    const predictions = new Array<Prediction>(inputs.length);
    for await (const { positions, samples, batch } of inputBatches(this.task, this.#encoder, inputs, batchSize)) {
      const decoded = await this.#predictBatch(batch, samples);
      positions.forEach((position, i) => (predictions[position] = decoded[i]!));
    }
    return predictions;
  }

  async cutTexts(inputs: readonly ModelInput[]): Promise<DataWarning[]> {
    if (!this.#encoder.limit) return [];
    const samples = await Promise.all(inputs.map((input) => this.#sample(input)));
    return cutTextsOf(datasetOf(samples), { task: this.task, encoder: this.#encoder, card: this.card });
  }

  async prepare(input: ModelInput, name?: string): Promise<PreparedInput> {
    const sample = await this.#sample(input, name);
    return { sample, encoded: await this.#encoder.encode(sample, { kind: 'plain' }) };
  }

  async predictPrepared(inputs: readonly PreparedInput[]): Promise<Prediction[]> {
    if (inputs.length === 0) return [];
    const encoded = inputs.map((input) => input.encoded);
    return this.#predictBatch(
      joinInputs(this.#encoder, encoded),
      inputs.map(({ sample }) => sample),
    );
  }

  async #predictBatch(batch: EncodedInputs, samples: readonly Sample[]): Promise<Prediction[]> {
    const outputs = await this.#forward.run(inputTensors(this.#encoder.inputs, batch));
    const predictions = await this.task
      .decode(outputs, this.labels, { samples, encoder: this.#encoder })
      .finally(() => dispose(outputs));
    return predictions as Prediction[];
  }

  async reportShift(
    inputs: readonly ModelInput[],
    { batchSize = EVALUATION_BATCH }: { batchSize?: number } = {},
  ): Promise<ShiftReport> {
    const { region, bounds } = requireRegion(this.directory, this.card, this.known);
    this.#features ??= new HeadFeatures(this.services.backend, this.model, 0);
    const { width } = this.#features;
    const rows = new Float32Array(inputs.length * width);
    for await (const { positions, batch } of inputBatches(this.task, this.#encoder, inputs, batchSize)) {
      const vectors = await this.#features.of(inputTensors(this.#encoder.inputs, batch));
      positions.forEach((position, i) => rows.set(vectors.subarray(i * width, (i + 1) * width), position * width));
    }
    return shiftReport(region.distances(rows, width), bounds);
  }

  async embed(inputs: readonly ModelInput[]): Promise<{ shape: [number, number]; data: Float32Array }> {
    const { backend, registries, progress } = this.services;
    this.#embedder ??= new Embedder(backend, this.model.backbone, registries.embeddingTask(this.task.modality));
    return this.#embedder.embed(inputs, progress);
  }

  async explain(input: ModelInput, { label }: { label?: string } = {}): Promise<Uint8Array> {
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

  async draw(input: ModelInput, prediction: Prediction): Promise<Uint8Array> {
    if (this.task.draw) return this.task.draw(await this.#sample(input), prediction);
    throw new HeadstartError({
      code: 'not-supported',
      message: `The task "${this.task.id}" cannot draw its predictions.`,
      hint: 'Leave the drawing out; models that find boxes can draw them.',
    });
  }

  async #sample(input: ModelInput, name?: string): Promise<Sample> {
    const [named] = nameInputs([input]) as [NamedInput];
    return this.task.parseInput(named.content, name ?? named.name);
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

  evaluate(target: string, options?: EvaluateOptions): Promise<EvaluateResult> {
    const { directory, card, task, model, services, known } = this;
    return evaluateModel({ directory, card, task, model, known, encoder: this.#encoder }, services, target, options);
  }

  async export(format: string, directory: string): Promise<string[]> {
    const { task, labels, card } = this;
    const { backbone, head } = this.model;
    const exporters = this.services.registries.exporters.list().map(({ value }) => value);
    const exporter = findExporter(exporters, format, task.modality);
    return exporter.write(
      { task, labels, backbone, head, encoder: this.#encoder, headstart: card.headstart },
      directory,
    );
  }

  async servedPage(): Promise<PageFile[]> {
    const { task, labels } = this;
    const description = await task.page?.({ backbone: this.model.backbone, labels, encoder: this.#encoder });
    const accepts = description && 'accepts' in description ? description.accepts : acceptedOf(task.modality);
    return servedPageFiles({ task: task.id, labels }, accepts);
  }

  dispose(): void {
    this.#embedder?.dispose();
    this.#features?.dispose();
    this.#forward.dispose();
    this.model.dispose();
  }
}

/** What a page asks for where the task does not say. */
function acceptedOf(modality: string): PageAccepts {
  if (modality === 'image') return 'picture';
  return modality === 'text' ? 'text' : 'file';
}
