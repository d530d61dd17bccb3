import type { PrecisionRequest } from '../ports/precision.ts';

/** One transfer as its user asked for it: source × target × task × strategy × seed. */
export interface TransferRequest {
  /** A path, or the id of a registered data set. */
  target: string;
  /** Samples to adapt to, for strategies that learn from unlabelled ones: a path, or the id of a registered data set. Labels in it are ignored. */
  adapt?: string;
  task?: string;
  source?: string;
  strategy?: string;
  /** Reader id; chosen from what is there where absent. */
  reader?: string;
  readerOptions?: Readonly<Record<string, string>>;
  epochs?: number;
  batchSize?: number;
  seed?: number;
  /** Keep only this many training samples a class, drawn by the seed. */
  shots?: number;
  /** Shares of train, validation and test in percent, where the data set has no splits of its own. */
  split?: readonly [train: number, validation: number, test: number];
  /** Peak rate of the head, or `auto` for a learning-rate range test. */
  learningRate?: number | 'auto';
  weightDecay?: number;
  labelSmoothing?: number;
  /** Decay of the moving average of weights, such as 0.999; absent for none. */
  ema?: number;
  /** What training steps are computed in; weights, features and evaluation are float32 in any case. */
  precision?: PrecisionRequest;
  /** Epochs without improvement on the validation split after which a phase ends. */
  patience?: number;
  augmentation?: string;
  /** Cached augmented views a sample, where the backbone's prefix is frozen and augmentation is on. */
  views?: number;
  /** Learn the target's classes beside the source's own, which are kept by distillation from the source. */
  keepClasses?: boolean;
  skipBad?: boolean;
  /**
   * Save every weight with the model. Otherwise a head on a backbone that was not trained is saved alone where the
   * source's files have digests, and loading the model opens the source, which may fetch its files.
   */
  standalone?: boolean;
  /** Folder of the run and of the model; `runs/<runId>` where absent. */
  out?: string;
  /** Steps between checkpoints; by default one about every 30 seconds and at every epoch's end. */
  checkpointEvery?: number;
}

/** What a run came to: the choices that were made, its metrics, and the folder of the model. */
export interface TransferResult {
  runId: string;
  task: string;
  source: string;
  target: string;
  strategy: string;
  seed: number;
  backend: string;
  device: string;
  /** By split, then by metric name. */
  metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The same way, the ends of each metric's 95 % confidence interval, where it has one. */
  intervals: Readonly<Record<string, Readonly<Record<string, readonly [low: number, high: number]>>>>;
  /** Of a resumed run: the parts with what came before the interruption, and the total with those parts. */
  seconds: { total: number; features: number; training: number; evaluation: number };
  samples: Readonly<Record<string, number>>;
  skipped: readonly { id: string; reason: string }[];
  /** The model's folder. */
  model: string;
}
