import { HeadstartError } from '@headstart/artifacts/errors';
import type { UnsavedCard } from '../models/card-schema.ts';
import type { KnownRegion } from '../models/known-region.ts';
import { checkRows } from '../network/finite.ts';
import { inputTensors, joinInputs } from '../data/encode-batch.ts';
import type { Encoder } from '../data/encoder.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import type { Backend } from '../ports/backend.ts';
import { wilsonInterval } from '../statistics/counts.ts';
import { HeadFeatures } from '../training/head-features.ts';
import type { EncodingQueue } from './encoding-queue.ts';
import { prepareInputs, type SamplesToPrepare } from './prepare-inputs.ts';

/** How far inputs lie from what a model was trained on. */
export interface ShiftReport {
  readonly samples: number;
  /** Shares of the inputs that lie further away than 95 and than 99 % of the samples like those of training; 0.05 and 0.01 are expected. */
  readonly beyond95: number;
  readonly beyond99: number;
  /** 95 % confidence interval of `beyond95`. */
  readonly interval: readonly [low: number, high: number];
  /** In a sentence. */
  readonly summary: string;
  /** Of each input, in their order: its distance, in units of the one that 95 % lie below. */
  readonly distances: readonly number[];
}

type Bounds = NonNullable<UnsavedCard['known']>;

/** A model, and what it was trained on where it was saved with that. */
export interface WatchedModel {
  readonly directory: string;
  readonly card: Pick<UnsavedCard, 'known'>;
  readonly model: TransferModel;
  readonly encoder: Encoder;
  readonly known?: KnownRegion;
}

/** Tells how far samples lie from what a model was trained on, by the features that its head is given. */
export class ShiftWatch {
  #features: HeadFeatures | undefined;

  constructor(
    private readonly watched: WatchedModel,
    private readonly backend: Backend,
    private readonly queue: EncodingQueue,
  ) {}

  /**
   * @param size samples of a step at most
   * @throws HeadstartError `not-supported` for a model that was saved without what it knows, `sample-unreadable`,
   * `not-finite` naming an input for which the network gives no numbers
   */
  async report(samples: SamplesToPrepare, size: number): Promise<ShiftReport> {
    const { directory, card, model, encoder, known } = this.watched;
    const { region, bounds } = requireRegion(directory, card, known);
    this.#features ??= new HeadFeatures(this.backend, model, 0);
    const { width } = this.#features;
    const rows = new Float32Array(samples.length * width);
    for await (const { positions, inputs } of prepareInputs(encoder, samples, { size, queue: this.queue })) {
      const batch = joinInputs(
        encoder,
        inputs.map(({ encoded }) => encoded),
      );
      const vectors = await this.#features.of(inputTensors(encoder.inputs, batch));
      checkRows(vectors, 'features', { rows: inputs.length, name: (row) => inputs[row]!.sample.id });
      positions.forEach((position, i) => rows.set(vectors.subarray(i * width, (i + 1) * width), position * width));
    }
    return shiftReport(region.distances(rows, width), bounds);
  }

  dispose(): void {
    this.#features?.dispose();
  }
}

/** @throws HeadstartError `not-supported` for a model that was saved without what it knows */
export function requireRegion(
  directory: string,
  { known }: Pick<UnsavedCard, 'known'>,
  region: KnownRegion | undefined,
): { readonly region: KnownRegion; readonly bounds: Bounds } {
  if (region && known) return { region, bounds: known };
  throw new HeadstartError({
    code: 'not-supported',
    message: `${directory} does not say what it was trained on: how far inputs lie from that cannot be told.`,
    hint: 'Train it again: models that know a sample by one vector keep some of those of training, from 8 samples on.',
  });
}

/** @param distances of inputs, in the region whose bounds are given */
export function shiftReport(distances: Float64Array, { p95, p99, of, samples }: Bounds): ShiftReport {
  const beyond = (bound: number) => distances.filter((distance) => distance > bound).length;
  const count = distances.length;
  const interval = count === 0 ? ([0, 1] as const) : wilsonInterval(beyond(p95), count, 0.95);
  const share = (bound: number) => (count === 0 ? 0 : beyond(bound) / count);
  const percent = (value: number) => `${(100 * value).toFixed(value > 0 && value < 0.1 ? 1 : 0)} %`;
  const [from, like] = {
    validation: ['the training data', `the ${samples} validation samples`],
    train: ['the training data', `the ${samples} training samples from one another`],
    unlabelled: ['the samples that it adapted to', `the ${samples} of these that were looked at from one another`],
  }[of] as [string, string];
  const found = `${percent(share(p95))} of ${count} inputs lie further from ${from} than 95 % of ${like} (expected: 5 %), ${percent(share(p99))} further than 99 % (expected: 1 %)`;
  return {
    samples: count,
    beyond95: share(p95),
    beyond99: share(p99),
    interval,
    summary: `${found}: ${verdict(interval)}.`,
    distances: Array.from(distances, (distance) => (p95 > 0 ? distance / p95 : distance)),
  };
}

/** How the share beyond 95 % compares with the expected one, as far as so many inputs tell. */
function verdict([low, high]: readonly [low: number, high: number]): string {
  if (low > 0.25) return 'far more than expected: they are unlike the samples that the accuracy was measured on';
  if (low > 0.05) return 'more than expected';
  return high > 0.25 ? 'too few inputs to tell whether that is more than expected' : 'not clearly more than expected';
}
