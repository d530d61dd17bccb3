import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceArguments, sourceEnvironment } from '../workspace/source-mode.mjs';
import { tail } from './environment.ts';
import type { Job, JobResult } from './job.ts';

/** A library with its settings, as a row of the tables. */
export interface Contestant {
  /** The row's name. */
  readonly name: string;
  readonly library: 'headstart' | 'torch' | 'keras';
  readonly settings: readonly string[];
}

export type Task = Omit<Job, 'scratch' | 'spawnedAt' | 'result' | 'settings'>;

export interface Bench {
  /** The Python of the peers' environment. */
  readonly python: string;
  /** A folder for what processes write. */
  readonly folder: string;
}

/** What a process that failed said last. */
export class ContestantFailure extends Error {}

const programs = { torch: 'torch_peer.py', keras: 'keras_peer.py' };

/** Runs a task in a process of its own. @throws ContestantFailure */
export async function runTask({ python, folder }: Bench, { library, settings }: Contestant, task: Task): Promise<JobResult> {
  const scratch = await mkdtemp(join(folder, 'job-'));
  try {
    const [path, result] = [join(scratch, 'job.json'), join(scratch, 'result.json')];
    const job: Job = { ...task, settings, scratch, result, spawnedAt: Date.now() };
    await writeFile(path, JSON.stringify(job));
    const program = library === 'headstart' ? join(import.meta.dirname, 'ours', 'main.ts') : join(import.meta.dirname, programs[library]);
    const [command, args] = library === 'headstart' ? [process.execPath, [...sourceArguments, program, path]] : [python, [program, path]];
    const { code, errors } = await ended(command, args, environment(library, folder, scratch, task.threads));
    if (code !== 0) throw new ContestantFailure(tail(errors));
    return JSON.parse(await readFile(result, 'utf8')) as JobResult;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function environment(library: Contestant['library'], folder: string, scratch: string, threads: number): NodeJS.ProcessEnv {
  const features = join(scratch, 'features');
  return {
    ...(library === 'headstart' ? { ...sourceEnvironment(), HEADSTART_FEATURES: features } : process.env),
    // Everyone on the CPU, with the same number of threads.
    CUDA_VISIBLE_DEVICES: '-1',
    OMP_NUM_THREADS: String(threads),
    TF_ENABLE_ONEDNN_OPTS: '1',
    // What torch.compile makes is kept for the next round.
    TORCHINDUCTOR_CACHE_DIR: join(folder, 'inductor'),
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

function ended(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<{ code: number | null; errors: string }> {
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
