import { dispose, gather, tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { toTensors } from '../../data/encode-batch.ts';
import { fillRows, openRows } from '../../data/prefix-rows.ts';
import type { Dataset, Sample } from '../../domains/target-domain.ts';
import type { HostTensors, Tensors, TensorSpecs } from '../../network/tensors.ts';
import { FeatureMoments } from '../feature-moments.ts';
import { dataContext, type Run } from '../run.ts';

/** A run, and the samples beside its own training and validation splits that its head is used on. */
export interface FeatureUse<S extends Sample> {
  readonly run: Run<S>;
  readonly tests: readonly Dataset<S>[];
}

/** The features of all samples that some runs on one frozen backbone use, in memory and on the device, each sample once. */
export class SharedFeatures<S extends Sample> {
  readonly #tensors: Record<string, Tensor>;

  private constructor(
    private readonly row: TensorSpecs,
    private readonly places: ReadonlyMap<string, number>,
    private readonly host: HostTensors,
  ) {
    this.#tensors = toTensors(row, host, places.size);
  }

  /** Takes them from the feature store, where those that are missing are computed and kept; each run is told what it found there. */
  static async open<S extends Sample>(uses: readonly FeatureUse<S>[], row: TensorSpecs): Promise<SharedFeatures<S>> {
    const first = uses[0]!.run;
    const prefix = first.model.backbone.stages.length;
    const set = await openRows(dataContext(first), prefix, row);
    try {
      const places = new Map<string, number>();
      for (const { run, tests } of uses) {
        const { train, validation } = run.transfer.target.splits;
        for (const samples of [train, validation, ...tests]) {
          if (samples.length === 0) continue;
          await fillRows(dataContext(run), samples, prefix, set);
          for (let i = 0; i < samples.length; i++) {
            const { digest } = samples.get(i);
            if (!places.has(digest)) places.set(digest, places.size);
          }
        }
      }
      return new SharedFeatures(row, places, await set.read([...places.keys()]));
    } finally {
      await set.close();
    }
  }

  /** How many numbers the features of one sample are. */
  get numbers(): number {
    return Object.values(this.#tensors).reduce((sum, { size }) => sum + size, 0) / this.places.size;
  }

  /** Where the features of these samples stand. */
  placesOf(samples: Dataset<S>): Int32Array {
    return Int32Array.from({ length: samples.length }, (_, i) => this.places.get(samples.get(i).digest)!);
  }

  /** Mean and standard deviation of every feature that is a vector, over these rows in their order. */
  *statistics(places: Int32Array): Generator<[name: string, ReturnType<FeatureMoments['statistics']>]> {
    for (const [name, { shape, dtype }] of Object.entries(this.row)) {
      const [width] = shape;
      if (shape.length !== 1 || dtype !== 'float32') continue;
      const values = this.host[name] as Float32Array;
      const moments = new FeatureMoments(width!);
      for (const place of places) moments.add(values.subarray(place * width!, (place + 1) * width!));
      yield [name, moments.statistics()];
    }
  }

  /** What `use` makes of the features of these rows; called inside `tf.tidy`. */
  at<T extends Tensor>(places: Int32Array, use: (features: Tensors) => T): T {
    return tidy(() => {
      const rows = tensor1d(places, 'int32');
      return use(Object.fromEntries(Object.entries(this.#tensors).map(([name, all]) => [name, gather(all, rows)])));
    });
  }

  dispose(): void {
    dispose(this.#tensors);
  }
}
