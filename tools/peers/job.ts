/** Decoded pictures, raw: `count` of `[height, width, channels]` bytes one after another, and a label byte each. */
export interface PictureFiles {
  readonly images: string;
  readonly labels: string;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/** Sentences, and longer texts of which each has more tokens than a step takes. */
export interface TextFiles {
  /** JSON: `Texts`. */
  readonly path: string;
  readonly sentences: number;
  readonly passages: number;
}

/** What the file of `TextFiles` holds: each passage with the label, 0 or 1, of the sentence that it begins with. */
export interface Texts {
  readonly sentences: readonly string[];
  readonly passages: readonly { readonly text: string; readonly label: number }[];
}

export type NetworkName = 'efficientnet-lite0' | 'mobilenet-v2' | 'small-cnn';

/** What one process measures, whatever it is; the driver writes it as JSON for the process to read. */
interface CommonJob {
  /** How the contestant is set: `eager`, `channels_last`, `compile`, `once` and the like. */
  readonly settings: readonly string[];
  readonly threads: number;
  readonly classes: number;
  readonly batch: number;
  /** Steps that are run before the measured ones, and the measured ones. */
  readonly warmup: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly clipNorm?: number;
  /** Rows of each batch that is trained on; Headstart's process reports them, the others follow. */
  readonly order?: readonly (readonly number[])[];
  /** Initial weights, safetensors, read by the peers: of the whole network, or of a text classifier's head. */
  readonly weights: string;
  /** A folder that the process may write to; gone when the measurement is done. */
  readonly scratch: string;
  /** When the driver started the process, in milliseconds since 1970. */
  readonly spawnedAt: number;
  /** Where the process writes its result. */
  readonly result: string;
}

export interface PictureJob extends CommonJob {
  /** `weights` and `check` prepare and compare; the others are measured. */
  readonly kind: 'train' | 'features' | 'probe' | 'weights' | 'check';
  readonly network: NetworkName;
  readonly data: PictureFiles;
  /** The first so many pictures are what batches of `train` are made of. */
  readonly pictures: number;
  /** The first so many pictures are what `probe` trains on; the rest validates. */
  readonly trainCount: number;
  readonly epochs: number;
  /** `probe` ends once it validates as well as this. */
  readonly untilAccuracy?: number;
  /** The published PyTorch checkpoint, for `check`. */
  readonly checkpoint?: string;
  /** Where `check` writes the published classifier's logits, raw float32. */
  readonly logits?: string;
}

/** Work of all-MiniLM-L6-v2. */
export interface TextJob extends CommonJob {
  /** `export` prepares: it writes the head's weights and the ONNX folder. */
  readonly kind: 'encode' | 'tune' | 'export';
  readonly texts: TextFiles;
  /** The published model in Hugging Face's layout, with the files of sentence-transformers. */
  readonly model: string;
  /** The model as Headstart exports it for transformers.js. */
  readonly onnx: string;
  /** Where `encode` writes the sentences' vectors, raw float32. */
  readonly vectors?: string;
  /** The first so many sentences are what `encode` encodes. */
  readonly sentences: number;
  /** Texts of `tune` are cut to this many tokens. */
  readonly tokens: number;
}

/** Work of NanoDet under a new head. */
export interface DetectionJob extends CommonJob {
  /** `prepare` writes the pictures, what their cells are to learn, and the initial weights. */
  readonly kind: 'train' | 'prepare';
  /** Safetensors, a row per picture: `image` as the network takes it, and the encoder's targets, `labels` and `ltrb` among them. */
  readonly scenes: string;
  /** How many pictures it holds. */
  readonly pictures: number;
  /** Every layer on pictures, or the last two of each level on maps that were computed before. */
  readonly trained: 'all' | 'head';
}

export type Job = PictureJob | TextJob | DetectionJob;

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

export function isTextJob(job: Job): job is TextJob {
  return 'texts' in job;
}

export function isDetectionJob(job: Job): job is DetectionJob {
  return 'scenes' in job;
}
