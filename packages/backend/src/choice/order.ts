import { driverProblem, readCudaDriver } from '../libtensorflow/cuda-driver.ts';
import { locateLibrary } from '../libtensorflow/locate.ts';
import { webGpuIsInstalled } from '../webgpu/packages.ts';
import { mayHaveGpu } from '../webgpu/vulkan-loader.ts';
import type { BackendName, BackendOptions } from './options.ts';

type Device = NonNullable<BackendOptions['device']>;

/** What of the machine decides the order. */
export interface Machine {
  /** libtensorflow can be had on CUDA. */
  cuda: boolean;
  /** WebGPU is installed, and there may be a GPU for it. */
  webgpu: boolean;
}

/**
 * The engines, best first: libtensorflow on CUDA, WebGPU on a GPU, libtensorflow on the CPU, an installed tfjs-node,
 * WebAssembly, plain JavaScript. WebGPU is left out where it has nothing to offer.
 */
export function orderOfChoice(device: Device, machine: Machine = lookAtMachine(device)): BackendName[] {
  const others: BackendName[] = ['tfjs-node', 'wasm', 'cpu'];
  if (device === 'cpu' || !machine.webgpu) return ['libtensorflow', ...others];
  return machine.cuda ? ['libtensorflow', 'webgpu', ...others] : ['webgpu', 'libtensorflow', ...others];
}

function lookAtMachine(device: Device): Machine {
  const webgpu = device !== 'cpu' && mayHaveGpu() && webGpuIsInstalled();
  return { webgpu, cuda: webgpu && hasCuda(device) };
}

function hasCuda(device: Device): boolean {
  const driver = readCudaDriver();
  if (!driver || driverProblem(driver) !== undefined) return false;
  // Asked for a GPU, libtensorflow fetches its build for one.
  if (device === 'gpu') return true;
  try {
    return locateLibrary('gpu') !== undefined;
  } catch {
    return false;
  }
}
