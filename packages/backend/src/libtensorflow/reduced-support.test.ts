import { describe, expect, it } from 'vitest';
import { driverProblem, parseRelease, readCudaDriver } from './cuda-driver.ts';
import { cpuPrecisions, cpuReferenceOps, gpuPrecisions } from './reduced-support.ts';

const gpu = (computeCapability: string) => ({ name: 'some', computeCapability, totalBytes: 2 ** 34 });

describe('16-bit types', () => {
  it('are fast on a GPU from the generation on that has them', () => {
    expect(gpuPrecisions(gpu('6.1'))).toEqual({ bfloat16: 'slow', float16: 'slow' });
    expect(gpuPrecisions(gpu('7.5'))).toEqual({ bfloat16: 'slow', float16: 'fast' });
    expect(gpuPrecisions(gpu('8.0'))).toEqual({ bfloat16: 'fast', float16: 'fast' });
    expect(gpuPrecisions(gpu('12.0'))).toEqual({ bfloat16: 'fast', float16: 'fast' });
    expect(gpuPrecisions(undefined)).toEqual({ bfloat16: 'slow', float16: 'slow' });
  });

  it('are fast on a processor with the instructions, which oneDNN uses', () => {
    const zen4 = 'processor\t: 0\nflags\t\t: fpu avx2 avx512f avx512_bf16 avx512vl\nbugs\t\t: none\n';
    expect(cpuPrecisions(zen4, true)).toEqual({ bfloat16: 'fast', float16: 'slow' });
    expect(cpuPrecisions(zen4, false)).toEqual({ bfloat16: 'slow', float16: 'slow' });
    expect(cpuPrecisions('flags : amx_bf16 avx512_fp16', true)).toEqual({ bfloat16: 'fast', float16: 'fast' });
    expect(cpuPrecisions('flags : avx2', true)).toEqual({ bfloat16: 'slow', float16: 'slow' });
    expect(cpuPrecisions('', true)).toEqual({ bfloat16: 'slow', float16: 'slow' });
  });

  it('are left for gradients in filters, which oneDNN has in float16 by AMX alone and not depthwise', () => {
    const depthwise = 'DepthwiseConv2dNativeBackpropFilter';
    const ops = (flags: string, oneDnn = true) => [...cpuReferenceOps(`flags : ${flags}`, oneDnn)];
    expect(ops('avx512f avx512_fp16 amx_bf16')).toEqual(['Conv2DBackpropFilter', depthwise]);
    expect(ops('avx2 avx_ne_convert')).toEqual(['Conv2DBackpropFilter', depthwise]);
    expect(ops('avx512_fp16 amx_fp16')).toEqual([depthwise]);
    expect(ops('avx512_fp16', false)).toEqual([]);
    expect(ops('avx2 avx512f avx512_bf16')).toEqual([]);
  });
});

describe("NVIDIA's driver", () => {
  it('tells its release in the words of each kind of kernel module', () => {
    expect(
      parseRelease(
        'NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024\nGCC version: …',
      ),
    ).toBe('550.54.15');
    expect(parseRelease('NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.10  Release Build')).toBe(
      '570.86.10',
    );
    expect(parseRelease('')).toBeUndefined();
  });

  it('has to be there, new enough, and to show a GPU', () => {
    expect(driverProblem(undefined)).toContain('not on this machine');
    expect(driverProblem({ cuda: '11.8', release: '520.61.05' })).toMatch(
      /release 520.61.05\) serves CUDA 11.8; .* needs CUDA 12/,
    );
    expect(driverProblem({ cuda: '12.2', problem: 'it shows this process no GPU' })).toContain('no GPU');
    expect(driverProblem({ cuda: '12.2', gpu: gpu('8.0') })).toBeUndefined();
    expect(driverProblem({ cuda: '13.0', gpu: gpu('9.0') })).toBeUndefined();
  });

  it('is asked without harm where there is none', () => {
    const driver = readCudaDriver();
    // Either nothing is found, or what is found says what it is.
    if (driver) expect(driver.cuda).toMatch(/^\d+\.\d+$/);
    else expect(driverProblem(driver)).toContain('libcuda.so.1');
  });
});
