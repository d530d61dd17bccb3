import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '@headstart/core';
import { compiledCommand } from '../workspace/compiled-command.ts';
import { runTask, type Bench, type DetectionTask } from './contestant.ts';
import { environmentOf, runProcess } from './contestant-process.ts';
import { SCENE_CLASSES } from './detection-works.ts';
import { EMOJI_CLASSES } from './prepare.ts';
import { writePhotographs, writeSceneList, writeSentences } from './prepare-jobs.ts';
import { prepareTexts } from './prepare-texts.ts';

export const WHOLE_JOBS = ['w1', 'w2', 'w3', 'w4', 'w5'] as const;

/** The peers' programs, by library. */
const programs = {
  torch: 'torch_job.py',
  keras: 'keras_job.py',
  'sentence-transformers': 'sentence_transformers_job.py',
  'torch-text': 'torch_text_job.py',
  'torch-detection': 'torch_detection_job.py',
};

export interface JobContestant {
  readonly name: string;
  readonly library: 'headstart' | keyof typeof programs;
  readonly settings: readonly string[];
}

/** From data on disk to a model on disk, by processes that start with nothing but what their libraries keep. */
export interface WholeJob {
  readonly id: (typeof WHOLE_JOBS)[number];
  readonly title: string;
  /** What the command is given; the model's folder and the output's form come behind. */
  readonly command: readonly string[];
  /** Ours first. */
  readonly contestants: readonly JobContestant[];
  /** What the peers' programs read. */
  readonly task: Readonly<Record<string, unknown>>;
}

export interface JobOutcome {
  readonly seconds: number;
  readonly peakBytes?: number;
  /** Of samples to test on; a detector's peers compute none. */
  readonly accuracy?: number;
  readonly versions: Readonly<Record<string, string>>;
}

export interface MeasuredJob {
  readonly job: WholeJob;
  readonly entries: readonly { readonly contestant: JobContestant; readonly outcomes: readonly JobOutcome[] }[];
}

/** How much each job has to do. */
export interface JobExtent {
  readonly photographs: number;
  readonly sentences: number;
  readonly epochs: number;
}

const ours: JobContestant = { name: 'Headstart', library: 'headstart', settings: [] };
const peer = (name: string, library: keyof typeof programs, ...settings: string[]): JobContestant => ({
  name,
  library,
  settings: ['fused', ...settings],
});

/** Writes the data of the jobs asked for, and the weights that everyone starts from. */
export async function wholeJobs(
  bench: Bench,
  chosen: readonly string[],
  { photographs, sentences, epochs }: JobExtent,
  { progress, imageWeights }: { readonly progress: Progress; readonly imageWeights: () => Promise<string> },
): Promise<WholeJob[]> {
  const within = (name: string) => join(bench.folder, name);
  const wants = (...ids: readonly string[]) => ids.some((id) => chosen.includes(id));
  const base = { threads: availableParallelism(), clipNorm: 1, epochs };
  const jobs: WholeJob[] = [];
  if (wants('w1', 'w2')) {
    const data = within('photographs');
    await writePhotographs(data, photographs, progress);
    const network = { network: 'efficientnet-lite0', weights: await imageWeights() };
    const task = {
      ...base,
      ...network,
      data,
      classes: EMOJI_CLASSES,
      batch: 16,
      learningRate: 1e-3,
      weightDecay: 0.05,
    };
    const contestants = [ours, peer('PyTorch, channels_last', 'torch'), peer('Keras, tf.data', 'keras')];
    jobs.push(
      {
        id: 'w1',
        title: `${photographs} photographs, a probe of EfficientNet-Lite0`,
        command: [data, '--strategy', 'linear-probe'],
        contestants,
        task: { ...task, kind: 'probe', epochs: 100 },
      },
      {
        id: 'w2',
        title: `${photographs} photographs, EfficientNet-Lite0 fine-tuned in ${epochs} epochs of altered pictures, batch 16`,
        command: [data, '--strategy', 'fine-tune', '--augmentation', 'standard', ...lengthOf(epochs, 16)],
        contestants,
        task: { ...task, kind: 'tune' },
      },
    );
  }
  if (wants('w3', 'w4')) {
    const data = within('sentences.csv');
    await writeSentences(data, sentences, progress);
    const { model } = await prepareTexts(bench.folder, progress);
    const task = { ...base, model, data, classes: 2, batch: 16, learningRate: 5e-5, weightDecay: 0.01 };
    jobs.push(
      {
        id: 'w3',
        title: `${sentences} sentences, a probe of all-MiniLM-L6-v2`,
        command: [data, '--strategy', 'linear-probe'],
        contestants: [ours, peer('sentence-transformers and scikit-learn', 'sentence-transformers')],
        task,
      },
      {
        id: 'w4',
        title: `${sentences} sentences, all-MiniLM-L6-v2 fine-tuned in ${epochs} epochs, batch 16`,
        command: [data, '--strategy', 'fine-tune', ...lengthOf(epochs, 16)],
        contestants: [
          ours,
          peer('PyTorch, transformers, fused AdamW', 'torch-text'),
          peer('PyTorch, the same, batches of like length', 'torch-text', 'alike'),
        ],
        task,
      },
    );
  }
  if (wants('w5')) {
    const data = within('scenes.json');
    await writeSceneList(data, progress);
    const prepared: DetectionTask = {
      ...base,
      kind: 'prepare',
      trained: 'all',
      classes: SCENE_CLASSES,
      batch: 4,
      warmup: 0,
      steps: 0,
      learningRate: 3e-4,
      weightDecay: 0.05,
      scenes: within('job-scenes.safetensors'),
      pictures: 1e6,
      weights: within('job-nanodet.safetensors'),
    };
    await runTask(bench, { name: 'Headstart', library: 'headstart', settings: [] }, prepared);
    jobs.push({
      id: 'w5',
      title: `200 scenes, NanoDet fine-tuned in ${epochs} epochs, batch 4`,
      command: ['emoji-scenes-google', '--strategy', 'fine-tune', '--augmentation', 'none', ...lengthOf(epochs, 4)],
      contestants: [ours, peer('PyTorch, channels_last, fused AdamW', 'torch-detection')],
      task: { ...prepared, data },
    });
  }
  return jobs.filter(({ id }) => chosen.includes(id));
}

const lengthOf = (epochs: number, batch: number) => ['--epochs', String(epochs), '--batch', String(batch)];

/** Every contestant in turn, round after round. @throws ContestantFailure */
export async function measureJob(
  bench: Bench,
  job: WholeJob,
  rounds: number,
  say: (line: string) => void,
): Promise<MeasuredJob> {
  const entries = job.contestants.map((contestant) => ({ contestant, outcomes: [] as JobOutcome[] }));
  for (let round = 1; round <= rounds; round++) {
    for (const { contestant, outcomes } of entries) {
      say(`${job.id}, round ${round} of ${rounds}: ${contestant.name}`);
      outcomes.push(await runJob(bench, job, contestant));
    }
  }
  return { job, entries };
}

async function runJob({ python, folder }: Bench, job: WholeJob, contestant: JobContestant): Promise<JobOutcome> {
  const scratch = await mkdtemp(join(folder, 'job-'));
  try {
    const { library } = contestant;
    const env = environmentOf(contestant, { folder, scratch, threads: availableParallelism() });
    if (library === 'headstart') {
      const args = [compiledCommand(), 'train', ...job.command, '--out', join(scratch, 'model'), '--json'];
      const { milliseconds, peakBytes, output } = await runProcess(process.execPath, args, env);
      const { metrics } = JSON.parse(output) as { metrics: Record<string, Record<string, number>> };
      const accuracy = metrics['test']?.['accuracy'];
      return { seconds: milliseconds / 1000, peakBytes, accuracy, versions: { node: process.versions.node } };
    }
    const [path, result] = [join(scratch, 'job.json'), join(scratch, 'result.json')];
    await writeFile(path, JSON.stringify({ ...job.task, settings: contestant.settings, scratch, result }));
    const { milliseconds, peakBytes } = await runProcess(
      python,
      [join(import.meta.dirname, programs[library]), path],
      env,
    );
    const told = JSON.parse(await readFile(result, 'utf8')) as Pick<JobOutcome, 'accuracy' | 'versions'>;
    return { ...told, seconds: milliseconds / 1000, peakBytes };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
