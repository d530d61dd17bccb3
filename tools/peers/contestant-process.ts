import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { tail } from '../workspace/python-environment.ts';
import { sourceEnvironment } from '../workspace/source-mode.mjs';

/** What a process that failed said last. */
export class ContestantFailure extends Error {}

/**
 * The system's allocator gives freed memory back and asks for it anew, which is slow on a virtual machine. So it keeps what
 * it has; where the C library is another than glibc, nothing changes.
 */
const KEEP_MEMORY = 'glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=17179869184';

/** How often the memory of a process is looked at, in milliseconds. */
const LOOK = 100;

/** The environment that a library is measured in. */
export function environmentOf(
  { library, settings }: { readonly library: string; readonly settings: readonly string[] },
  { folder, scratch, threads }: { readonly folder: string; readonly scratch: string; readonly threads: number },
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
    ...(!settings.includes('default-memory') && { GLIBC_TUNABLES: KEEP_MEMORY }),
    PYTHONDONTWRITEBYTECODE: '1',
  };
}

/** What a process took, and what it printed. */
export interface Ended {
  /** From its start to its end. */
  readonly milliseconds: number;
  /** Its largest resident memory, without its children's; undefined where the system does not tell. */
  readonly peakBytes?: number;
  readonly output: string;
}

/** Runs a process to its end. @throws ContestantFailure with what it said last */
export async function runProcess(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const started = performance.now();
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => output.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors = `${errors}${chunk}`.slice(-20_000)));
  const stop = () => child.kill('SIGKILL');
  process.once('exit', stop);
  const watch = new AbortController();
  const peak = peakMemory(child.pid, watch.signal);
  try {
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    const milliseconds = performance.now() - started;
    if (code !== 0) throw new ContestantFailure(tail(errors, 40));
    watch.abort();
    return { milliseconds, peakBytes: await peak, output: output.join('') };
  } finally {
    watch.abort();
    process.off('exit', stop);
  }
}

/** The high-water mark of a process's resident memory, as Linux tells it until the process is gone. */
async function peakMemory(pid: number | undefined, signal: AbortSignal): Promise<number | undefined> {
  let peak: number | undefined;
  while (pid !== undefined && !signal.aborted) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
    if (kilobytes === undefined) break;
    peak = Number(kilobytes) * 1024;
    await setTimeout(LOOK);
  }
  return peak;
}
