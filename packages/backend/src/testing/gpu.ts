import { driverProblem, readCudaDriver } from '../libtensorflow/cuda-driver.ts';
import { locateLibrary } from '../libtensorflow/locate.ts';

/** Why tests that need a GPU cannot run here, as a sentence, or undefined where they can. Loads no library. */
export function whyNoGpu(): string | undefined {
  const problem = driverProblem(readCudaDriver());
  if (problem) return problem;
  return locateLibrary('gpu') ? undefined : 'The GPU build is not installed: headstart backend install --gpu.';
}

/** The name of a group of tests that need a GPU, with the reason where they are skipped. */
export function gpuTitle(title: string, reason: string | undefined): string {
  return reason === undefined ? title : `${title} (skipped: ${reason})`;
}
