/** Decoded pictures, raw: `count` of `[height, width, channels]` bytes one after another, and a label byte each. */
export interface PictureFiles {
  readonly images: string;
  readonly labels: string;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

export type NetworkName = 'efficientnet-lite0' | 'mobilenet-v2' | 'small-cnn';

/** What one process measures; the driver writes it as JSON for the process to read. */
export interface Job {
  /** `weights` and `check` prepare and compare; the others are measured. */
  readonly kind: 'train' | 'features' | 'probe' | 'weights' | 'check';
  readonly network: NetworkName;
  /** How the contestant is set: `eager`, `channels_last`, `compile`, `once` and the like. */
  readonly settings: readonly string[];
  readonly threads: number;
  readonly data: PictureFiles;
  readonly classes: number;
  readonly batch: number;
  /** Steps that are run before the measured ones, and the measured ones. */
  readonly warmup: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly clipNorm?: number;
  /** The first so many pictures are what batches of `train` are made of. */
  readonly pictures: number;
  /** Rows of each batch of `train`; Headstart's process reports them, the others follow. */
  readonly order?: readonly (readonly number[])[];
  /** The first so many pictures are what `probe` trains on; the rest validates. */
  readonly trainCount: number;
  readonly epochs: number;
  /** `probe` ends once it validates as well as this. */
  readonly untilAccuracy?: number;
  /** Initial weights, safetensors: written by `weights`, read by the peers. */
  readonly weights: string;
  /** The published PyTorch checkpoint, for `check`. */
  readonly checkpoint?: string;
  /** Where `check` writes the published classifier's logits, raw float32. */
  readonly logits?: string;
  /** A folder that the process may write to; gone when the measurement is done. */
  readonly scratch: string;
  /** When the driver started the process, in milliseconds since 1970. */
  readonly spawnedAt: number;
  /** Where the process writes its result. */
  readonly result: string;
}

/** What a process reports. */
export interface JobResult {
  /** From the start of the process to the end of its first step. */
  readonly startMilliseconds?: number;
  readonly stepMilliseconds?: readonly number[];
  /** One a step, the warm-up's included. */
  readonly losses?: readonly number[];
  readonly order?: readonly (readonly number[])[];
  /** Validation accuracy after each epoch, and when, from the start of the process. */
  readonly history?: readonly { readonly accuracy: number; readonly milliseconds: number }[];
  /** Largest resident memory. */
  readonly peakBytes: number;
  readonly versions: Readonly<Record<string, string>>;
}
