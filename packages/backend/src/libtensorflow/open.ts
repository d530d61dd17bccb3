import { cpus } from 'node:os';
import { eagerStep } from '@headstart/core/backend';
import { HeadstartError } from '@headstart/core';
import * as tf from '@tensorflow/tfjs-core';
import koffi from 'koffi';
import type { ResolvedOptions } from '../choice/options.ts';
import type { RegisteredBackend } from '../choice/registered-backend.ts';
import { createCapturingBackend, type CapturingBackend } from '../capture/capturing-backend.ts';
import { compileStep, joinCompiled } from '../capture/compile-step.ts';
import { registerOurKernels } from '../kernels/register.ts';
import { loadKernels, TENSORFLOW, type KernelBackendClass } from '../tfjs-node/kernel-backend.ts';
import { createBinding, type Binding } from './binding.ts';
import { driverProblem, readCudaDriver, type CudaDriver } from './cuda-driver.ts';
import { loadLibrary, usesOneDnn, type TensorFlowLibrary } from './library.ts';
import type { LocatedLibrary } from './locate.ts';
import { cpuPrecisions, gpuPrecisions, readCpuinfo } from './reduced-support.ts';
import { leaveSignalsToOthers } from './signal-shield.ts';
import { withNiceThreads } from './thread-priority.ts';

/** Native code stays loaded for the life of the process, so it is remembered here. */
let loaded: Loaded | undefined;

interface Loaded {
  readonly library: TensorFlowLibrary;
  readonly binding: Binding;
  readonly driver: CudaDriver | undefined;
  readonly Kernels: KernelBackendClass;
}

/** The library that this process has loaded, if any. */
export function loadedLibrary(): TensorFlowLibrary | undefined {
  return loaded?.library;
}

/**
 * Loads libtensorflow and registers it with tfjs-core under tfjs-node's name, with its kernels.
 *
 * @throws HeadstartError `backend-unavailable` when it does not load, or a GPU was asked for and
 *   it sees none; `invalid-option` for a memory limit above what the GPU has
 */
export async function openLibtensorflow(
  { files }: LocatedLibrary,
  options: ResolvedOptions,
): Promise<RegisteredBackend> {
  const { device, memoryLimit, threads, capture, niceness, jit } = options;
  if (!loaded) {
    const driver = device === 'cpu' ? undefined : readCudaDriver();
    checkLimit(memoryLimit, driver);
    leaveSignalsToOthers(readCpuinfo());
    const library = withNiceThreads(niceness, () =>
      loadLibrary(files, {
        useGpu: device !== 'cpu',
        memoryLimitMb: memoryLimit && memoryLimit / 2 ** 20,
        threads,
      }),
    );
    loaded = { library, binding: createBinding(library), driver, Kernels: await loadKernels() };
    registerOurKernels();
  }
  const { library, binding, driver, Kernels } = loaded;
  const onGpu = library.device.type === 'GPU';
  if (device === 'gpu' && !onGpu) {
    throw new HeadstartError({
      code: 'backend-unavailable',
      message:
        `libtensorflow sees no GPU; its devices are ${library.devices.map(({ name }) => name).join(', ')}. ${driverProblem(driver) ?? ''}`.trimEnd(),
      hint: 'Install the GPU build with `headstart backend install --gpu`, check `nvidia-smi`, or use device cpu.',
    });
  }
  // XLA contracts a product and a sum into one rounding, as oneDNN's fusions do. Without oneDNN a
  // captured step is the eager one bit for bit, and stays so. On a GPU it has not been tried.
  const fusesElementwise = !onGpu && usesOneDnn();
  let capturing: CapturingBackend | undefined;
  tf.registerBackend(
    TENSORFLOW,
    () =>
      (capturing = createCapturingBackend(library, binding, Kernels, onGpu ? '@tensorflow/tfjs-node-gpu' : '')).kernels,
    3,
  );
  return {
    name: 'libtensorflow',
    device: onGpu ? 'gpu' : 'cpu',
    tfjsName: TENSORFLOW,
    threads: library.settings.threads.intraOp,
    details: {
      ...describeLibrary(library, driver),
      steps: capture ? 'captured' : 'op by op',
      xla: capture && jit ? 'steps' : capture && fusesElementwise ? 'updates' : 'off',
    },
    precisions: !capture ? undefined : onGpu ? gpuPrecisions(driver?.gpu) : cpuPrecisions(readCpuinfo(), usesOneDnn()),
    deviceBytes: onGpu ? () => binding.bytesOn('GPU') : undefined,
    compile: (step, how = {}) =>
      capture && capturing
        ? compileStep(capturing, step, how, jit ? 'always' : how.elementwise && fusesElementwise ? 'large' : 'never')
        : eagerStep(step),
    // Steps that XLA compiles are left as they are: joined, they would round otherwise.
    join: (steps) => (capture && capturing && !jit ? joinCompiled(capturing, steps) : undefined),
    release: () => binding.deleteAll(),
  };
}

/** Versions and settings that the numbers depend on. */
function describeLibrary(
  { version, settings, device }: TensorFlowLibrary,
  driver: CudaDriver | undefined,
): Record<string, string> {
  return {
    tensorflow: version,
    koffi: koffi.version,
    threads: `${settings.threads.intraOp} intra-op, ${settings.threads.interOp} inter-op`,
    onednn: usesOneDnn() ? 'on' : 'off',
    processor: cpus()[0]?.model.trim() || process.arch,
    ...(device.type === 'GPU' ? describeGpu(settings.memoryLimitMb, driver) : {}),
  };
}

function describeGpu(memoryLimitMb: number | undefined, driver: CudaDriver | undefined): Record<string, string> {
  const details: Record<string, string> = {};
  if (driver?.gpu) details.gpu = `${driver.gpu.name}, compute capability ${driver.gpu.computeCapability}`;
  if (memoryLimitMb !== undefined) details.memoryLimitMb = String(memoryLimitMb);
  return details;
}

function checkLimit(memoryLimit: number | undefined, driver: CudaDriver | undefined): void {
  const gpu = driver?.gpu;
  if (memoryLimit === undefined || !gpu || memoryLimit <= gpu.totalBytes) return;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The memory limit of ${memoryLimit} bytes is more than the GPU has (${gpu.name}: ${gpu.totalBytes} bytes).`,
    hint: 'Give a smaller --memory-limit, or leave it out: memory then grows as needed.',
  });
}
