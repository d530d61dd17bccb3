import { readFileSync } from 'node:fs';
import type { Backend } from '@headstart/core/backend';
import type { CudaDriver } from './cuda-driver.ts';

type Precisions = NonNullable<Backend['precisions']>;

/**
 * What a GPU multiplies in 16 bits at more than the speed of float32: float16 from compute capability 7.0
 * (Volta), bfloat16 from 8.0 (Ampere) on; CUDA C++ programming guide, table of compute capabilities.
 */
export function gpuPrecisions(gpu: CudaDriver['gpu']): Precisions {
  const capability = Number.parseFloat(gpu?.computeCapability ?? '0');
  return { bfloat16: capability >= 8 ? 'fast' : 'slow', float16: capability >= 7 ? 'fast' : 'slow' };
}

/**
 * What a processor multiplies in 16 bits: AVX-512's and AMX's instructions, which TensorFlow uses
 * through oneDNN.
 *
 * @param cpuinfo the contents of Linux's /proc/cpuinfo
 */
export function cpuPrecisions(cpuinfo: string, oneDnn: boolean): Precisions {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.trim().split(/\s+/) ?? []);
  const speed = (...any: string[]) => (oneDnn && any.some((flag) => flags.has(flag)) ? 'fast' : 'slow');
  return { bfloat16: speed('avx512_bf16', 'amx_bf16'), float16: speed('avx512_fp16', 'amx_fp16') };
}

/** Of the processor that this process runs on; `slow` where the system does not tell. */
export function thisCpuPrecisions(oneDnn: boolean): Precisions {
  let cpuinfo = '';
  try {
    cpuinfo = readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    // Linux alone has the file.
  }
  return cpuPrecisions(cpuinfo, oneDnn);
}
