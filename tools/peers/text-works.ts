import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Contestant, TextTask } from './contestant.ts';
import type { PreparedTexts } from './prepare-texts.ts';
import { forTryOut, OURS, OURS_DEFAULT_MEMORY, type Work } from './works.ts';

export const TEXT_WORKS = ['t1', 't2', 't3'] as const;

/** As many sentences do for a try-out. */
const FEW = 256;

const torch = (name: string, ...settings: string[]): Contestant => ({
  name: `PyTorch ${name}`,
  library: 'torch-text',
  settings,
});

const ENCODERS: readonly Contestant[] = [
  OURS,
  OURS_DEFAULT_MEMORY,
  { name: 'Headstart, `transformers:`, fp32', library: 'headstart', settings: ['fp32'] },
  { name: 'Headstart, `transformers:`, int8', library: 'headstart', settings: ['q8'] },
  { name: 'sentence-transformers', library: 'sentence-transformers', settings: [] },
  {
    name: "sentence-transformers, the library's memory",
    library: 'sentence-transformers',
    settings: ['default-memory'],
  },
];
const TUNERS: readonly Contestant[] = [
  OURS,
  OURS_DEFAULT_MEMORY,
  torch("AdamW, the library's memory (default)", 'default-memory'),
  torch('fused AdamW', 'fused'),
  torch('fused AdamW, torch.compile', 'fused', 'compile'),
];

/** Work of all-MiniLM-L6-v2, in `folder`. */
export function textWorks(folder: string, { texts, model }: PreparedTexts, quick: boolean): Work<TextTask>[] {
  const sentences = quick ? FEW : texts.sentences;
  const base = {
    texts,
    model,
    sentences,
    threads: availableParallelism(),
    classes: 2,
    learningRate: 5e-5,
    weightDecay: 0.01,
    clipNorm: 1,
    weights: join(folder, 'text-head.safetensors'),
    onnx: join(folder, 'minilm-l6-onnx'),
  };
  const tuning = (id: string, tokens: number): Work<TextTask> => {
    const task: TextTask = {
      ...base,
      kind: 'tune',
      tokens,
      batch: 16,
      ...(quick ? { warmup: 1, steps: 2 } : { warmup: 2, steps: 10 }),
    };
    return {
      id,
      title: `Full fine-tuning step, all-MiniLM-L6-v2, ${tokens} tokens, batch 16, AdamW, clipped, ms`,
      kind: 'train',
      contestants: TUNERS.filter((each) => !quick || forTryOut(each)),
      task,
    };
  };
  return [
    {
      id: 't1',
      title: `Encoding ${sentences} sentences, all-MiniLM-L6-v2, batch 32, ms`,
      kind: 'encode',
      contestants: ENCODERS,
      task: { ...base, kind: 'encode', tokens: 256, batch: 32, warmup: 1, steps: quick ? 1 : 2 },
    },
    tuning('t2', 32),
    tuning('t3', 64),
  ];
}
