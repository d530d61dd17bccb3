import { readFileSync } from 'node:fs';
import koffi, { type LibraryHandle } from 'koffi';

/** What NVIDIA's driver says of itself and of the first GPU that this process may see. */
export interface CudaDriver {
  /** The newest CUDA that the driver serves, such as `12.5`. */
  cuda: string;
  /** The driver's release, such as `550.54.15`, where the kernel reports it. */
  release?: string;
  gpu?: {
    name: string;
    /** Such as `8.0`: decides which types its tensor cores multiply. */
    computeCapability: string;
    /** All memory of the device, in bytes. */
    totalBytes: number;
  };
  /** Why it shows no GPU. */
  problem?: string;
}

/** `CUdevice_attribute` (cuda.h). */
const CAPABILITY_MAJOR = 75;
const CAPABILITY_MINOR = 76;

/** The CUDA that TensorFlow's wheel is built with. Drivers of the same major version serve its minor versions too. */
const CUDA_MAJOR = 12;

/**
 * Asks the CUDA driver (libcuda.so.1, which comes with NVIDIA's driver and not with CUDA). No context
 * is made and no memory of the GPU is taken. Which GPU is the first obeys CUDA_VISIBLE_DEVICES.
 *
 * @returns undefined on a machine without the driver
 */
export function readCudaDriver(): CudaDriver | undefined {
  let library: LibraryHandle;
  try {
    library = koffi.load('libcuda.so.1');
  } catch {
    return undefined;
  }
  const driver: CudaDriver = { cuda: 'unknown', release: kernelRelease() };
  try {
    const version = new Int32Array(1);
    call(library, 'cuDriverGetVersion', [P], version);
    driver.cuda = `${Math.floor(version[0]! / 1000)}.${Math.floor((version[0]! % 1000) / 10)}`;
    call(library, 'cuInit', ['uint'], 0);
    const count = new Int32Array(1);
    call(library, 'cuDeviceGetCount', [P], count);
    if (count[0] === 0) throw new Error('it shows this process no GPU (see CUDA_VISIBLE_DEVICES)');
    driver.gpu = readFirstGpu(library);
  } catch (cause) {
    driver.problem = cause instanceof Error ? cause.message : String(cause);
  }
  return driver;
}

function readFirstGpu(library: LibraryHandle): NonNullable<CudaDriver['gpu']> {
  const device = new Int32Array(1);
  call(library, 'cuDeviceGet', [P, 'int'], device, 0);
  const name = Buffer.alloc(256);
  call(library, 'cuDeviceGetName', [P, 'int', 'int'], name, name.length, device[0]);
  const total = new BigUint64Array(1);
  call(library, 'cuDeviceTotalMem_v2', [P, 'int'], total, device[0]);
  const attribute = (which: number) => {
    const value = new Int32Array(1);
    call(library, 'cuDeviceGetAttribute', [P, 'int', 'int'], value, which, device[0]);
    return value[0]!;
  };
  return {
    name: name.toString('utf8', 0, name.indexOf(0)),
    computeCapability: `${attribute(CAPABILITY_MAJOR)}.${attribute(CAPABILITY_MINOR)}`,
    totalBytes: Number(total[0]),
  };
}

const P = 'void *';

/** Calls a function of the driver, all of which return a `CUresult`. @throws Error for another result than success */
function call(library: LibraryHandle, name: string, types: string[], ...args: unknown[]): void {
  const code = (library.func(name, 'int', types) as (...args: unknown[]) => number)(...args);
  if (code !== 0) throw new Error(`its function ${name} fails with the code ${code}`);
}

/** From a line such as `NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 …`. */
function kernelRelease(): string | undefined {
  try {
    return parseRelease(readFileSync('/proc/driver/nvidia/version', 'utf8'));
  } catch {
    return undefined;
  }
}

export function parseRelease(text: string): string | undefined {
  return /Module(?: for \S+)?\s+(\d+(?:\.\d+)+)/.exec(text)?.[1];
}

/** What keeps this driver from running TensorFlow's GPU build, as a sentence, or undefined where nothing does. */
export function driverProblem(driver: CudaDriver | undefined): string | undefined {
  if (!driver) return "NVIDIA's driver (libcuda.so.1) is not on this machine.";
  const major = Number.parseInt(driver.cuda, 10);
  if (major < CUDA_MAJOR) {
    const release = driver.release ? ` (release ${driver.release})` : '';
    return `NVIDIA's driver${release} serves CUDA ${driver.cuda}; TensorFlow's GPU build needs CUDA ${CUDA_MAJOR}, which drivers from release 525.60 on serve.`;
  }
  return driver.problem === undefined ? undefined : `NVIDIA's driver does not work: ${driver.problem}.`;
}
