import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceArguments } from '../workspace/source-mode.mjs';
import { environmentOf, runProcess } from './contestant-process.ts';
import type { DetectionJob, Job, JobResult, PictureJob, TextJob } from './job.ts';

/** The peers' programs, by library. */
const programs = {
  torch: 'torch_peer.py',
  keras: 'keras_peer.py',
  'torch-text': 'torch_text_peer.py',
  'torch-detection': 'torch_detection_peer.py',
  'sentence-transformers': 'sentence_transformers_peer.py',
};

/** A library with its settings, as a row of the tables. */
export interface Contestant {
  /** The row's name. */
  readonly name: string;
  readonly library: 'headstart' | keyof typeof programs;
  readonly settings: readonly string[];
}

type Given = 'scratch' | 'spawnedAt' | 'result' | 'settings';
export type PictureTask = Omit<PictureJob, Given>;
export type TextTask = Omit<TextJob, Given>;
export type DetectionTask = Omit<DetectionJob, Given>;
export type Task = PictureTask | TextTask | DetectionTask;

export interface Bench {
  /** The Python of the peers' environment. */
  readonly python: string;
  /** A folder for what processes write. */
  readonly folder: string;
}

/** Runs a task in a process of its own. @throws ContestantFailure */
export async function runTask({ python, folder }: Bench, contestant: Contestant, task: Task): Promise<JobResult> {
  const { library, settings } = contestant;
  const scratch = await mkdtemp(join(folder, 'job-'));
  try {
    const [path, result] = [join(scratch, 'job.json'), join(scratch, 'result.json')];
    const job: Job = { ...task, settings, scratch, result, spawnedAt: Date.now() };
    await writeFile(path, JSON.stringify(job));
    const program =
      library === 'headstart'
        ? join(import.meta.dirname, 'ours', 'main.ts')
        : join(import.meta.dirname, programs[library]);
    const [command, args] =
      library === 'headstart' ? [process.execPath, [...sourceArguments, program, path]] : [python, [program, path]];
    await runProcess(command, args, environmentOf(contestant, { folder, scratch, threads: task.threads }));
    return JSON.parse(await readFile(result, 'utf8')) as JobResult;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
