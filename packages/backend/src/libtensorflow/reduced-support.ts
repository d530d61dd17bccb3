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
 * @param cpuinfo the contents of Linux's /proc/cpuinfo; empty where the system does not report it, and all is `slow`
 */
export function cpuPrecisions(cpuinfo: string, oneDnn: boolean): Precisions {
  const has = flagsOf(cpuinfo);
  const speed = (...any: string[]) => (oneDnn && any.some(has) ? 'fast' : 'slow');
  return { bfloat16: speed('avx512_bf16', 'amx_bf16'), float16: speed('avx512_fp16', 'amx_fp16') };
}

const DENSE_FILTER_GRADIENT = 'Conv2DBackpropFilter';
const DEPTHWISE_FILTER_GRADIENT = 'DepthwiseConv2dNativeBackpropFilter';

/**
 * The ops that oneDNN computes in float16 by its reference loops alone, hundreds of times slower than in float32. Of
 * convolutions it has the gradient in the filter only for AMX, and for depthwise ones not at all (oneDNN,
 * src/cpu/cpu_convolution_list.cpp, `backward_weights` of f16). TensorFlow asks oneDNN on the processors that it can
 * multiply float16 on (IsDataTypeSupportedByOneDNNOnThisCPU); on others it has kernels of its own.
 *
 * @param cpuinfo as for `cpuPrecisions`
 */
export function cpuReferenceOps(cpuinfo: string, oneDnn: boolean): ReadonlySet<string> {
  const has = flagsOf(cpuinfo);
  if (!oneDnn || !['avx512_fp16', 'amx_fp16', 'avx_ne_convert'].some(has)) return new Set();
  return new Set(has('amx_fp16') ? [DEPTHWISE_FILTER_GRADIENT] : [DENSE_FILTER_GRADIENT, DEPTHWISE_FILTER_GRADIENT]);
}

function flagsOf(cpuinfo: string): (flag: string) => boolean {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.trim().split(/\s+/) ?? []);
  return (flag) => flags.has(flag);
}

/** Of the processor that this process runs on; empty where the system does not report it. */
export function readCpuinfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return ''; // Linux alone has the file.
  }
}
