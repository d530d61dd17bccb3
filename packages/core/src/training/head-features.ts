import { dispose, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { cut, lengthOrder, prefetch, type BatchLoader } from '../data/batches.ts';
import { inputTensors } from '../data/encode-batch.ts';
import { headFeature, pooledFeature } from '../network/head-feature.ts';
import { checkRows } from '../network/finite.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import type { Backend, CompiledStep } from '../ports/backend.ts';
import { EVALUATION_BATCH } from './evaluate.ts';

/** What a model's head sees of samples, each as one vector. */
export class HeadFeatures {
  readonly width: number;
  readonly #forward: CompiledStep<[Record<string, Tensor>], Tensor>;

  /**
   * @param from the stage whose inputs are given
   * @throws HeadstartError `not-supported` for a backbone whose last feature is neither vector nor map
   */
  constructor(backend: Backend, model: TransferModel, from: number) {
    const { backbone } = model;
    const feature = headFeature(backbone);
    this.width = feature.shape.at(-1)!;
    this.#forward = backend.compile((inputs: Record<string, Tensor>) =>
      tidy(() => pooledFeature(feature, model.forward(inputs, from, backbone.stages.length)).clone()),
    );
  }

  /** `[batch, width]`, row-major. Disposes of the inputs. */
  async of(inputs: Record<string, Tensor>): Promise<Float32Array> {
    const vectors = await this.#forward(inputs).finally(() => dispose(inputs));
    return Float32Array.from(await vectors.data<'float32'>().finally(() => dispose(vectors)));
  }

  dispose(): void {
    this.#forward.dispose();
  }
}

/** Of a loader's samples, in their order: `[samples, width]`, row-major. @throws HeadstartError `not-finite` naming a sample */
export async function featuresOf(backend: Backend, model: TransferModel, loader: BatchLoader): Promise<Float32Array> {
  const features = new HeadFeatures(backend, model, loader.from);
  try {
    const rows = new Float32Array(loader.length * features.width);
    const batches = cut(lengthOrder(loader.length, loader.lengthOf), EVALUATION_BATCH);
    let next = 0;
    for await (const batch of prefetch(batches, (positions) => loader.load(positions))) {
      const vectors = await features.of(inputTensors(loader.inputs, batch));
      const positions = batches[next++]!;
      const name = (row: number) => `the sample "${loader.idOf(positions[row]!)}"`;
      checkRows(vectors, 'features', { rows: positions.length, name });
      positions.forEach((position, i) =>
        rows.set(vectors.subarray(i * features.width, (i + 1) * features.width), position * features.width),
      );
    }
    return rows;
  } finally {
    features.dispose();
  }
}

/** Whether a model's samples are known by one vector each. */
export function hasHeadFeature({ backbone }: TransferModel, { rows = 1 }: { readonly rows?: number }): boolean {
  const feature = backbone.features.at(-1);
  return rows === 1 && feature !== undefined && feature.kind !== 'sequence';
}
