import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceArguments, sourceEnvironment } from '../workspace/source-mode.mjs';
import { tail } from '../workspace/python-environment.ts';
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

/**
 * The system's allocator gives freed memory back and asks for it anew, which is slow on a virtual machine. So it keeps what
 * it has; where the C library is another than glibc, nothing changes.
 */
const KEEP_MEMORY = 'glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=17179869184';

/** What a process that failed said last. */
export class ContestantFailure extends Error {}

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
    const { code, errors } = await ended(command, args, environment(contestant, folder, scratch, task.threads));
    if (code !== 0) throw new ContestantFailure(tail(errors));
    return JSON.parse(await readFile(result, 'utf8')) as JobResult;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function environment(
  { library, settings }: Contestant,
  folder: string,
  scratch: string,
  threads: number,
): NodeJS.ProcessEnv {
  const features = join(scratch, 'features');
  return {
    ...(library === 'headstart' ? { ...sourceEnvironment(), HEADSTART_FEATURES: features } : process.env),
    // Everyone on the CPU, with the same number of threads.
    CUDA_VISIBLE_DEVICES: '-1',
    OMP_NUM_THREADS: String(threads),
    TF_ENABLE_ONEDNN_OPTS: '1',
    // What torch.compile makes is kept for the next round.
    TORCHINDUCTOR_CACHE_DIR: join(folder, 'inductor'),
    ...(settings.includes('keep-memory') && { GLIBC_TUNABLES: KEEP_MEMORY }),
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

function ended(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors = `${errors}${chunk.toString()}`.slice(-20_000)));
    const stop = () => child.kill('SIGKILL');
    process.once('exit', stop);
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('exit', stop);
      resolve({ code, errors });
    });
  });
}
