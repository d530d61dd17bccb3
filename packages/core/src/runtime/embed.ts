import { dispose } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Progress } from '@headstart/artifacts';
import type { Backbone } from '../network/backbone.ts';
import { checkInputs, type ModelInput } from '../domains/model-input.ts';
import { checkRows } from '../network/finite.ts';
import type { Encoder } from '../data/encoder.ts';
import type { Task } from '../tasks/task.ts';
import { inputTensors, joinInputs } from '../data/encode-batch.ts';
import { wholeNumber, onOff } from '../options/value-kinds.ts';
import { EVALUATION_BATCH } from '../training/evaluate.ts';
import type { Backend } from '../ports/backend.ts';
import { checkOptions } from './check-options.ts';
import { EncodingQueue } from './encoding-queue.ts';
import { Gather } from './gather.ts';
import type { EmbedOptions, Embeddings, PreparedInput } from './headstart.ts';
import { prepareInputs, samplesOfInputs } from './prepare-inputs.ts';
import { ShapedInference } from './shaped-inference.ts';

const OPTIONS = { batchSize: wholeNumber(1), allowHttp: onOff };

/** @throws HeadstartError `invalid-option` */
export function checkEmbedding(inputs: unknown, options: unknown): void {
  checkInputs(inputs);
  checkOptions('embed', OPTIONS, options);
}

/** Gives inputs the backbone's last vector feature, those of several calls together. */
export class Embedder {
  readonly #width: number;
  readonly #tensor: string;
  readonly #encoder: Encoder;
  readonly #forward: ShapedInference;
  readonly #queue = new EncodingQueue();
  readonly #gather: Gather<PreparedInput, Float32Array>;

  /**
   * @param task how inputs are read and encoded, to one row each
   * @throws HeadstartError `not-supported` for a backbone without a vector feature
   */
  constructor(
    backend: Backend,
    backbone: Backbone,
    private readonly task: Task,
  ) {
    const feature = backbone.features.filter(({ kind }) => kind === 'vector').at(-1);
    if (!feature) throw withoutVector(backbone);
    this.#width = feature.shape[0]!;
    this.#tensor = feature.tensor;
    this.#encoder = task.encoder({ backbone, labels: [], augmentation: 'none' });
    const last = backbone.stages.findIndex(({ name }) => name === feature.stage);
    this.#forward = new ShapedInference(backend, backbone.stages.slice(0, last + 1));
    this.#gather = new Gather({ window: 0, size: EVALUATION_BATCH, run: (inputs) => this.#rows(inputs) });
  }

  /** Vectors `[inputs.length, d]`, row-major. @throws HeadstartError `sample-unreadable`, `not-finite` */
  async embed(inputs: readonly ModelInput[], options: EmbedOptions, progress: Progress): Promise<Embeddings> {
    const { batchSize: size = EVALUATION_BATCH, allowHttp = false } = options;
    const width = this.#width;
    const data = new Float32Array(inputs.length * width);
    const bar = progress.start({ label: 'embedding', total: inputs.length, unit: 'samples' });
    let done = 0;
    try {
      const samples = samplesOfInputs(this.task, inputs, allowHttp);
      const how = { size, queue: this.#queue };
      for await (const { positions, inputs: batch } of prepareInputs(this.#encoder, samples, how)) {
        const rows = await this.#gather.addAll(batch, size);
        positions.forEach((position, i) => data.set(rows[i]!, position * width));
        bar.update((done += positions.length));
      }
    } finally {
      bar.end();
    }
    return { shape: [inputs.length, width], data };
  }

  async #rows(inputs: readonly PreparedInput[]): Promise<Float32Array[]> {
    const batch = joinInputs(
      this.#encoder,
      inputs.map(({ encoded }) => encoded),
    );
    const outputs = await this.#forward.run(inputTensors(this.#encoder.inputs, batch));
    const rows = await outputs[this.#tensor]!.data<'float32'>().finally(() => dispose(outputs));
    checkRows(rows, 'embedding', { rows: inputs.length, name: (row) => inputs[row]!.sample.id });
    return inputs.map((_, i) => rows.subarray(i * this.#width, (i + 1) * this.#width));
  }

  dispose(): void {
    this.#forward.dispose();
  }
}

function withoutVector({ architecture }: Backbone): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: `The architecture "${architecture}" has no vector feature to embed with.`,
    hint: 'Choose a source that pools its features; "headstart sources" lists them.',
  });
}
