import { dispose, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Backbone } from '../network/backbone.ts';
import type { ModelInput } from '../domains/model-input.ts';
import type { Encoder } from '../data/encoder.ts';
import type { Task } from '../tasks/task.ts';
import { inputTensors } from '../data/encode-batch.ts';
import { EVALUATION_BATCH } from '../training/evaluate.ts';
import type { Backend, CompiledStep } from '../ports/backend.ts';
import { inputBatches } from './input-batches.ts';
import type { Progress } from '@headstart/artifacts';

/** Gives inputs the backbone's last vector feature, with a network that is compiled once and kept. */
export class Embedder {
  readonly #width: number;
  readonly #encoder: Encoder;
  readonly #forward: CompiledStep<[Record<string, Tensor>], Tensor>;

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
    this.#encoder = task.encoder({ backbone, labels: [], augmentation: 'none' });
    const last = backbone.stages.findIndex(({ name }) => name === feature.stage);
    this.#forward = backend.compile((tensors: Record<string, Tensor>) =>
      tidy(() => {
        let values: Readonly<Record<string, Tensor>> = tensors;
        for (const stage of backbone.stages.slice(0, last + 1)) values = stage.forward(values, { training: false });
        return values[feature.tensor]!;
      }),
    );
  }

  /** Vectors `[inputs.length, d]`, row-major. @throws HeadstartError `sample-unreadable` */
  async embed(
    inputs: readonly ModelInput[],
    progress: Progress,
  ): Promise<{ shape: [number, number]; data: Float32Array }> {
    const width = this.#width;
    const data = new Float32Array(inputs.length * width);
    const bar = progress.start({ label: 'embedding', total: inputs.length, unit: 'samples' });
    let done = 0;
    try {
      for await (const { positions, batch } of inputBatches(this.task, this.#encoder, inputs, EVALUATION_BATCH)) {
        const tensors = inputTensors(this.#encoder.inputs, batch);
        const vectors = await this.#forward(tensors).finally(() => dispose(tensors));
        const rows = await vectors.data<'float32'>().finally(() => dispose(vectors));
        positions.forEach((position, i) => data.set(rows.subarray(i * width, (i + 1) * width), position * width));
        bar.update((done += positions.length));
      }
    } finally {
      bar.end();
    }
    return { shape: [inputs.length, width], data };
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
