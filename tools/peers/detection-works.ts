import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Contestant, DetectionTask } from './contestant.ts';
import { forTryOut, OURS, OURS_DEFAULT_MEMORY, OURS_EAGER, type Work } from './works.ts';

export const DETECTION_WORKS = ['o1', 'o2'] as const;

/** Classes of the emoji scenes. */
export const SCENE_CLASSES = 10;
/** Scenes of which batches are made while steps are timed. */
const SCENES = 64;

const torch = (name: string, ...settings: string[]): Contestant => ({
  name: `PyTorch ${name}`,
  library: 'torch-detection',
  settings,
});

const TRAINERS: readonly Contestant[] = [
  OURS,
  OURS_DEFAULT_MEMORY,
  OURS_EAGER,
  torch("NCHW, AdamW, the library's memory (default)", 'default-memory'),
  torch('channels_last, fused AdamW', 'channels_last', 'fused'),
  torch('channels_last, fused AdamW, torch.compile', 'channels_last', 'fused', 'compile'),
];

/** Work of NanoDet on scenes of emoji, in `folder`. */
export function detectionWorks(folder: string, quick: boolean): Work<DetectionTask>[] {
  const contestants = TRAINERS.filter((each) => !quick || forTryOut(each));
  const base = {
    kind: 'train',
    threads: availableParallelism(),
    classes: SCENE_CLASSES,
    weightDecay: 0.05,
    clipNorm: 1,
    scenes: join(folder, 'scenes.safetensors'),
    pictures: SCENES,
    weights: join(folder, 'nanodet.safetensors'),
  } as const;
  const steps = (warmup: number, count: number) => (quick ? { warmup: 1, steps: 2 } : { warmup, steps: count });
  return [
    {
      id: 'o1',
      title: 'Full fine-tuning step, NanoDet, 416 x 416, batch 4, AdamW, clipped, ms',
      kind: 'train',
      contestants,
      task: { ...base, ...steps(2, 12), trained: 'all', batch: 4, learningRate: 3e-4 },
    },
    {
      id: 'o2',
      title: "Training step of NanoDet's head, 3x3 and 1x1 convolutions of three levels, batch 16, AdamW, clipped, ms",
      kind: 'train',
      contestants,
      task: { ...base, ...steps(2, 12), trained: 'head', batch: 16, learningRate: 1e-3 },
    },
  ];
}
