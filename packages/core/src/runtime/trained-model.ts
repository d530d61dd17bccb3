import { basename } from 'node:path';
import { dispose, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Artifacts, Progress } from '@headstart/artifacts';
import { placesAmong } from '../domains/labels.ts';
import { renumberLabels } from '../domains/renumber.ts';
import { datasetOf, splitTarget } from '../domains/splits.ts';
import type { Dataset, Sample, SplitName, TargetData, TargetDomain } from '../domains/target-domain.ts';
import { HeadstartError } from '@headstart/artifacts/errors';
import { findExporter } from '../export/find-exporter.ts';
import type { UnsavedCard } from '../models/model-directory.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import type { Registries } from '../plugins/registries.ts';
import type { Encoder } from '../data/encoder.ts';
import type { EvaluationPage, Evaluator } from '../metrics/evaluator.ts';
import type { Task } from '../tasks/task.ts';
import { inputTensors } from '../data/encode-batch.ts';
import { evaluateOnce, EVALUATION_BATCH } from '../training/evaluate.ts';
import { encodedSplit } from '../data/split-data.ts';
import type { Backend } from '../ports/backend.ts';
import { Embedder } from './embed.ts';
import type { EvaluateOptions, EvaluateResult, LoadedModel } from './headstart.ts';
import { inputBatches } from './input-batches.ts';
import { readTarget } from './read-target.ts';

/** What a loaded model works with. */
export interface ModelServices {
  readonly backend: Backend;
  readonly registries: Registries;
  readonly artifacts: Artifacts;
  readonly progress: Progress;
}

/** A model in memory, a saved one or a pretrained source's. */
export class TrainedModel implements LoadedModel {
  readonly labels: readonly string[];
  readonly #encoder: Encoder;
  #embedder: Embedder | undefined;

  constructor(
    readonly directory: string,
    readonly card: UnsavedCard,
    readonly task: Task,
    private readonly model: TransferModel,
    private readonly services: ModelServices,
  ) {
    this.labels = card.labels;
    this.#encoder = task.encoder({ backbone: model.backbone, labels: card.labels, augmentation: 'none' });
  }

  async predict(
    inputs: readonly string[],
    { batchSize = EVALUATION_BATCH }: { batchSize?: number } = {},
  ): Promise<unknown[]> {
    const predictions: unknown[] = Array.from(inputs);
    for await (const { positions, samples, batch } of inputBatches(this.task, this.#encoder, inputs, batchSize)) {
      const outputs = this.#forward(inputTensors(this.#encoder.inputs, batch));
      const decoded = await this.task
        .decode(outputs, this.labels, { samples, encoder: this.#encoder })
        .finally(() => dispose(outputs));
      positions.forEach((position, i) => (predictions[position] = decoded[i]));
    }
    return predictions;
  }

  #forward(inputs: Record<string, Tensor>): Record<string, Tensor> {
    try {
      return tidy(() => this.model.forward(inputs) as Record<string, Tensor>);
    } finally {
      dispose(inputs);
    }
  }

  async embed(inputs: readonly string[]): Promise<{ shape: [number, number]; data: Float32Array }> {
    const { backend, registries, progress } = this.services;
    this.#embedder ??= new Embedder(backend, this.model.backbone, registries.embeddingTask(this.task.modality));
    return this.#embedder.embed(inputs, progress);
  }

  async explain(input: string, { label }: { label?: string } = {}): Promise<Uint8Array> {
    if (!this.task.explain) {
      throw new HeadstartError({
        code: 'not-supported',
        message: `The task "${this.task.id}" cannot explain its predictions.`,
        hint: 'Predict without --explain.',
      });
    }
    const { backbone, head } = this.model;
    const index = label === undefined ? undefined : this.#labelIndex(label);
    const sample = await this.task.parseInput(input);
    return this.task.explain({ sample, backbone, head, labels: this.labels, encoder: this.#encoder, label: index });
  }

  #labelIndex(label: string): number {
    const index = this.labels.indexOf(label);
    if (index >= 0) return index;
    throw new HeadstartError({
      code: 'label-invalid',
      message: `The model knows no label "${label}".`,
      hint: `Its labels: ${this.labels.join(', ')}.`,
    });
  }

  async evaluate(target: string, options: EvaluateOptions = {}): Promise<EvaluateResult> {
    const { backend, registries, artifacts, progress } = this.services;
    const { reader, readerOptions = {}, skipBad = false, batchSize, pages = [] } = options;
    const evaluator = this.task.evaluator(this.labels, {
      kept: this.card.kept?.map((label) => this.labels.indexOf(label)),
    });
    this.#checkPages(evaluator, pages);
    const { data } = await readTarget(
      registries,
      artifacts,
      { target, reader },
      { skipBad, options: readerOptions, progress },
    );
    const { samples, split } = this.#samplesOf(this.#relabel(data), options.split);
    if (samples.length === 0) {
      throw new HeadstartError({
        code: 'target-empty',
        message: `The ${split} split of ${target} is empty.`,
        hint: 'Choose another one with --split.',
      });
    }
    const loader = encodedSplit(this.#encoder, samples);
    const metrics = await evaluateOnce(backend, this.model, {
      task: this.task,
      labels: this.labels,
      loader,
      progress,
      batchSize,
      evaluator,
      encoded: pages.includes('mistakes') ? { samples, encoder: this.#encoder } : undefined,
      metrics: registries.metrics.list().map(({ value }) => value),
      intervals: true,
    });
    const title = `${basename(this.directory)} on ${data.id}, ${split === 'all' ? 'all samples' : `split ${split}`}`;
    const written: Partial<Record<EvaluationPage, string>> = {};
    for (const page of pages) written[page] = await evaluator.pages![page]!(title);
    return { metrics, samples: samples.length, split, skipped: data.skipped, pages: written };
  }

  /** @throws HeadstartError `not-supported` for a page that the task's evaluator does not write */
  #checkPages(evaluator: Evaluator, pages: readonly EvaluationPage[]): void {
    const missing = pages.find((page) => !evaluator.pages?.[page]);
    if (missing === undefined) return;
    throw new HeadstartError({
      code: 'not-supported',
      message: `The task "${this.task.id}" writes no page of its ${missing}.`,
      hint: 'Leave the page out: the numbers are there without it.',
    });
  }

  /** The data with its labels numbered as the model numbers them. */
  #relabel(data: TargetData): TargetData {
    const places = placesAmong(data.labels, this.labels);
    const unknown = data.labels.filter((_, i) => places[i]! < 0);
    if (unknown.length > 0) {
      throw new HeadstartError({
        code: 'label-invalid',
        message: `${data.id} has labels that the model does not know: ${unknown.slice(0, 5).join(', ')}${unknown.length > 5 ? ', …' : ''}.`,
        hint: `The model's labels: ${this.labels.slice(0, 20).join(', ')}${this.labels.length > 20 ? ', …' : ''}. Rename or leave out the others.`,
      });
    }
    return renumberLabels(data, this.labels);
  }

  /**
   * The asked-for split; by default the test split where the data assigns splits or is what the
   * model was trained on (split again by the model's seed), else everything.
   */
  #samplesOf(
    data: TargetData,
    wanted: EvaluateOptions['split'],
  ): { samples: Dataset<Sample>; split: SplitName | 'all' } {
    const all = data.samples.map(({ sample }) => sample);
    if (wanted === 'all') return { samples: datasetOf(all), split: 'all' };
    if (data.samples.some(({ split }) => split !== undefined)) {
      const name = wanted ?? 'test';
      const samples = data.samples.flatMap(({ sample, split = 'train' }) => (split === name ? [sample] : []));
      if (wanted || samples.length > 0) return { samples: datasetOf(samples), split: name };
      return { samples: datasetOf(all), split: 'all' };
    }
    if (wanted) return { samples: this.#splitAgain(data).splits[wanted], split: wanted };
    const { test } = this.#trainedOn(data)?.splits ?? { test: datasetOf<Sample>([]) };
    return test.length > 0 ? { samples: test, split: 'test' } : { samples: datasetOf(all), split: 'all' };
  }

  #splitAgain(data: TargetData): TargetDomain {
    const { training, seed } = this.card;
    return splitTarget(data, { shares: training.split, seed, shots: training.shots ?? undefined });
  }

  /** The data in the splits of the training, where it is what the model was trained on. */
  #trainedOn(data: TargetData): TargetDomain | undefined {
    try {
      const domain = this.#splitAgain(data);
      return domain.fingerprint === this.card.target.fingerprint ? domain : undefined;
    } catch (error) {
      // Data that cannot be split that way (a class with one sample, say) is not that data.
      if (HeadstartError.is(error)) return undefined;
      throw error;
    }
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

  dispose(): void {
    this.#embedder?.dispose();
    this.model.dispose();
  }
}
