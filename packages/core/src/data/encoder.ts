import type { InputLimit } from '../domains/input-limit.ts';
import type { Dataset, Sample } from '../domains/target-domain.ts';
import type { Backbone } from '../network/backbone.ts';
import type { HostTensors, TensorSpecs } from '../network/tensors.ts';
import type { RandomStream } from '../random/random-stream.ts';

/**
 * How a sample is to be encoded: as it is, or altered by random draws from this stream (from children of it, where
 * `encode` and `target` are to repeat them). `others` are the samples trained on, itself among them, for an encoder
 * whose views take parts of several (`Encoder.combining`).
 */
export type View<S extends Sample = Sample> =
  | { readonly kind: 'plain' }
  | { readonly kind: 'augmented'; readonly random: RandomStream; readonly others?: Dataset<S> };

/** A batch on the host: per tensor name, the samples' values one after another. */
export interface HostBatch {
  /** Samples. */
  readonly size: number;
  /** Rows of the inputs per sample, where they are more than one. */
  readonly rows?: number;
  readonly inputs: HostTensors;
  /** The shapes of the inputs, where `Encoder.fit` made them others than the encoder's. */
  readonly specs?: TensorSpecs;
  readonly targets: HostTensors;
}

/** Turns samples into tensors of one static shape. */
export interface Encoder<S extends Sample = Sample> {
  /** Names everything that determines the plain encoding, for the feature store's key. */
  readonly key: string;
  readonly inputs: TensorSpecs;
  readonly targets: TensorSpecs;
  /**
   * Rows of the network's inputs that a sample makes, one after another, such as two for a pair of texts; 1 where
   * absent. `encode` gives the values of all of them, and `inputs` is the shape of one. What a sample's rows come
   * to is the head's business.
   */
  readonly rows?: number;
  /** Decodes one sample. Runs beside the training step. @throws HeadstartError `sample-unreadable` */
  encode(sample: S, view: View<S>): Promise<HostTensors>;
  /** The sample's truth under the same view (draws repeat those of `encode`). */
  target(sample: S, view: View<S>): HostTensors;
  /**
   * For an encoder whose augmented views take parts of other samples (mosaics of pictures): names everything of
   * them that encodings depend on, for the feature store's key. Augmented views then come with `others`.
   */
  combining?(others: Dataset<S>): string;
  /**
   * For samples that differ in length: cuts the padding that all samples of a batch share, down to one
   * of few lengths, so that a step meets few shapes. What a network computes of a sample may depend on
   * the length in the last bits only.
   */
  fit?(inputs: HostTensors, rows: number): { readonly specs: TensorSpecs; readonly inputs: HostTensors };
  /** With `fit`: the length that a batch of this sample alone is cut to. Where order is free, alike samples share batches. */
  length?(sample: S): number;
  /** For samples that are texts: how much of one is read; absent where all is, or that is not known. */
  readonly limit?: InputLimit;
  /** Blends samples of an augmented training batch (mixup, CutMix). */
  mix?(batch: HostBatch, random: RandomStream): HostBatch;
}

/** What an encoder is made for: the network that takes its tensors, and the labels in order of their index. */
export interface EncoderOptions {
  readonly backbone: Backbone;
  readonly labels: readonly string[];
  /** The augmentation policy by name; `none` leaves training images as they are. */
  readonly augmentation: string;
}

/** What outputs were computed from, for predictions in terms of the sample itself (pixels of a picture). */
export interface EncodedSamples<S extends Sample = Sample> {
  /** One per row of the outputs. */
  readonly samples: readonly S[];
  readonly encoder: Encoder<S>;
}
