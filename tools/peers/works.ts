import { availableParallelism } from 'node:os';
import type { Contestant, PictureTask, Task } from './contestant.ts';
import type { NetworkName } from './job.ts';
import { DISTINCT, EMOJI_CLASSES, type Prepared } from './prepare.ts';

export interface Work<T extends Task = Task> {
  readonly id: string;
  readonly title: string;
  readonly kind: 'train' | 'features' | 'probe' | 'encode';
  /** Ours first: the others follow the order of its batches. */
  readonly contestants: readonly Contestant[];
  readonly task: T;
  /** Rounds, where one is enough: what is measured takes minutes. */
  readonly rounds?: number;
}

export const PICTURE_WORKS = ['a1', 'a2', 'b', 'c', 'd'] as const;

/** Memory is kept by everyone but in the rows that say otherwise. */
export const OURS: Contestant = { name: 'Headstart', library: 'headstart', settings: [] };
export const OURS_DEFAULT_MEMORY: Contestant = {
  name: "Headstart, the library's memory",
  library: 'headstart',
  settings: ['default-memory'],
};
export const OURS_EAGER: Contestant = { name: 'Headstart, op by op', library: 'headstart', settings: ['eager'] };

/** Settings whose compilers take longer than a try-out has. */
const SLOW_TO_START = ['compile', 'jit', 'bundled'];
export const forTryOut = ({ settings }: Contestant): boolean => !settings.some((each) => SLOW_TO_START.includes(each));

const torch = (name: string, ...settings: string[]): Contestant => ({
  name: `PyTorch ${name}`,
  library: 'torch',
  settings,
});
const keras = (name: string, ...settings: string[]): Contestant => ({
  name: `Keras ${name}`,
  library: 'keras',
  settings,
});

const TRAINERS = [
  OURS,
  OURS_DEFAULT_MEMORY,
  OURS_EAGER,
  torch("NCHW, AdamW, the library's memory (default)", 'default-memory'),
  torch('channels_last, fused AdamW', 'channels_last', 'fused'),
  torch('channels_last, fused AdamW, torch.compile', 'channels_last', 'fused', 'compile'),
  keras('train_on_batch, graph'),
  keras('train_on_batch, XLA', 'jit'),
  keras('graph, steps_per_execution 4', 'bundled'),
];
const EXTRACTORS = [
  OURS,
  OURS_DEFAULT_MEMORY,
  OURS_EAGER,
  torch("NCHW, inference_mode, the library's memory (default)", 'default-memory'),
  torch('channels_last, inference_mode', 'channels_last'),
  torch('channels_last, inference_mode, torch.compile with weights frozen', 'channels_last', 'compile'),
  keras('predict_on_batch'),
  keras('tf.function', 'function'),
  keras('tf.function, XLA', 'function', 'jit'),
];

export interface Extent {
  readonly quick: boolean;
  readonly probe: { readonly train: number; readonly validation: number; readonly epochs: number };
}

/** The work of pictures. Step counts are what a round of each takes in seconds, not minutes. */
export function pictureWorks(
  prepared: Prepared,
  weightsOf: (network: NetworkName) => string,
  { quick, probe }: Extent,
): Work<PictureTask>[] {
  const base = {
    threads: availableParallelism(),
    classes: EMOJI_CLASSES,
    learningRate: 1e-4,
    weightDecay: 0.05,
    clipNorm: 1,
    pictures: DISTINCT,
    trainCount: probe.train,
    epochs: probe.epochs,
  };
  const network = (name: NetworkName) => ({ network: name, weights: weightsOf(name) });
  const among = (contestants: readonly Contestant[]) => contestants.filter((each) => !quick || forTryOut(each));
  const trainers = among(TRAINERS);
  const steps = (warmup: number, count: number) => (quick ? { warmup: 1, steps: 2 } : { warmup, steps: count });
  return [
    {
      id: 'a1',
      title: 'Full fine-tuning step, EfficientNet-Lite0, 224 x 224, batch 16, AdamW, clipped, ms',
      kind: 'train',
      contestants: trainers,
      task: {
        ...base,
        ...network('efficientnet-lite0'),
        ...steps(2, 8),
        kind: 'train',
        data: prepared.large,
        batch: 16,
      },
    },
    {
      id: 'a2',
      title: 'Full fine-tuning step, MobileNetV2, 96 x 96, batch 16, AdamW, clipped, ms',
      kind: 'train',
      contestants: trainers,
      task: { ...base, ...network('mobilenet-v2'), ...steps(3, 20), kind: 'train', data: prepared.medium, batch: 16 },
    },
    {
      id: 'b',
      title: 'Feature extraction, EfficientNet-Lite0, batch 32, ms per batch',
      kind: 'features',
      contestants: among(EXTRACTORS),
      task: {
        ...base,
        ...network('efficientnet-lite0'),
        ...steps(2, 10),
        kind: 'features',
        data: prepared.large,
        batch: 32,
      },
    },
    {
      id: 'c',
      title: `Linear probe on ${probe.train} images, ${probe.epochs} epochs: seconds from start to 95 % of the final accuracy`,
      kind: 'probe',
      contestants: [
        OURS,
        torch('features once, channels_last', 'once', 'channels_last'),
        keras('features once', 'once'),
        torch('frozen backbone in the loop'),
        keras('frozen backbone in the loop'),
      ],
      rounds: 1,
      task: {
        ...base,
        ...network('efficientnet-lite0'),
        ...steps(0, 0),
        kind: 'probe',
        data: prepared.probe,
        batch: 64,
        learningRate: 1e-3,
        weightDecay: 0,
      },
    },
    {
      id: 'd',
      title: 'Training step of a small CNN, 28 x 28 x 1, batch 64, Adam, ms',
      kind: 'train',
      contestants: trainers,
      task: {
        ...base,
        ...network('small-cnn'),
        ...steps(5, 60),
        kind: 'train',
        data: prepared.small,
        batch: 64,
        classes: 10,
        learningRate: 1e-3,
        weightDecay: 0,
        clipNorm: undefined,
      },
    },
  ];
}
